/// Finds the blocks of HTML in Markdown whose structure counts: tables, lists, headings and summaries.
struct MarkdownHTML {
    /// The elements, which begin a line and end with a closing tag of their own.
    private static let elements: [StaticString] = [
        "table", "ul", "ol", "dl", "summary", "h1", "h2", "h3", "h4", "h5", "h6",
    ]
    /// How many times the file may be searched in vain for the end of elements. After that, none are looked for.
    private static let mostVainSearches = 4

    /// The number of bytes that were searched in vain.
    private var searched = 0

    /// The end of the block that begins on a line: the end of the line with its closing tag. Nil if there is none.
    ///
    /// - Parameter text: where the line's text begins.
    mutating func endOfBlock(in bytes: [UInt8], from start: Int, at text: Int) -> Int? {
        guard bytes[text] == UInt8(ascii: "<"), searched < Self.mostVainSearches * bytes.count,
            MarkdownTag(in: bytes, at: text, before: bytes.count) != nil
        else { return nil }
        var place = text
        // The summary comes behind the tag of its details.
        if Self.isTag("details", in: bytes, at: place + 1), let end = Self.endOfTag(in: bytes, from: place) {
            place = end
            while place < bytes.count, TextBytes.isSpace(bytes[place]) { place += 1 }
            guard place < bytes.count, Self.isTag("summary", in: bytes, at: place + 1) else { return nil }
        }
        guard bytes[place] == UInt8(ascii: "<"),
            let name = Self.elements.first(where: { Self.isTag($0, in: bytes, at: place + 1) })
        else { return nil }
        guard let end = endOfElement(name, in: bytes, from: place) else { return nil }
        return min((bytes[end...].firstIndex(of: 10) ?? bytes.count) + 1, bytes.count)
    }

    private static func isTag(_ name: StaticString, in bytes: [UInt8], at index: Int) -> Bool {
        let end = index + name.utf8CodeUnitCount
        guard end < bytes.count, TextBytes.hasPrefix(name, in: bytes, at: index) else { return false }
        return TextBytes.isSpace(bytes[end]) || bytes[end] == UInt8(ascii: ">") || bytes[end] == UInt8(ascii: "/")
    }

    /// The longest tag in bytes: a search to the end for each tag that nobody closes would be quadratic.
    private static let longestTag = 1_000

    private static func endOfTag(in bytes: [UInt8], from start: Int) -> Int? {
        bytes[start...].prefix(longestTag).firstIndex(of: UInt8(ascii: ">")).map { $0 + 1 }
    }

    /// The end of the closing tag of the element at `start`, past nested elements of the same name. A fence of code ends
    /// the search, and so does a blank line if the element is one of text: the tag was a word of a sentence.
    private mutating func endOfElement(_ name: StaticString, in bytes: [UInt8], from start: Int) -> Int? {
        var depth = 0
        var place = start
        var end: Int?
        defer { if end == nil { searched += place - start } }
        while place < bytes.count {
            defer { place += 1 }
            if bytes[place] == 10 {
                let line = bytes[(place + 1)...].prefix { $0 != 10 }.drop { $0 == 0x20 || $0 == 9 || $0 == 13 }
                let isFence = line.starts(with: "```".utf8) || line.starts(with: "~~~".utf8)
                if line.isEmpty ? Self.isOfText(name) : isFence { return nil }
            }
            guard bytes[place] == UInt8(ascii: "<") else { continue }
            if Self.isTag(name, in: bytes, at: place + 1) {
                depth += 1
            } else if place + 1 < bytes.count, bytes[place + 1] == UInt8(ascii: "/"),
                Self.isTag(name, in: bytes, at: place + 2)
            {
                depth -= 1
                if depth == 0 {
                    end = Self.endOfTag(in: bytes, from: place)
                    return end
                }
            }
        }
        return nil
    }

    /// Whether an element has text, rather than further blocks.
    private static func isOfText(_ name: StaticString) -> Bool {
        name.withUTF8Buffer { $0.first == UInt8(ascii: "h") || $0.first == UInt8(ascii: "s") }
    }
}
