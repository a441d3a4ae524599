/// Finds the blocks of HTML in Markdown whose structure counts: tables, lists, headings and summaries.
struct MarkdownHTML {
    /// The elements, which begin a line and end with a closing tag of their own.
    private static let elements: [StaticString] = [
        "table", "ul", "ol", "dl", "summary", "h1", "h2", "h3", "h4", "h5", "h6",
    ]
    /// After this many elements that nobody closes, which each take a search to the end, no more are looked for.
    private static let mostUnclosed = 4

    private var unclosed = 0

    /// The end of the block that begins on a line: the end of the line with its closing tag. Nil if there is none.
    ///
    /// - Parameter text: where the line's text begins.
    mutating func endOfBlock(in bytes: [UInt8], from start: Int, at text: Int) -> Int? {
        guard bytes[text] == UInt8(ascii: "<"), unclosed < Self.mostUnclosed, text + 1 < bytes.count else { return nil }
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
        guard let end = Self.endOfElement(name, in: bytes, from: place) else {
            unclosed += 1
            return nil
        }
        return min((bytes[end...].firstIndex(of: 10) ?? bytes.count) + 1, bytes.count)
    }

    private static func isTag(_ name: StaticString, in bytes: [UInt8], at index: Int) -> Bool {
        let end = index + name.utf8CodeUnitCount
        guard end < bytes.count, TextBytes.hasPrefix(name, in: bytes, at: index) else { return false }
        return TextBytes.isSpace(bytes[end]) || bytes[end] == UInt8(ascii: ">") || bytes[end] == UInt8(ascii: "/")
    }

    private static func endOfTag(in bytes: [UInt8], from start: Int) -> Int? {
        bytes[start...].firstIndex(of: UInt8(ascii: ">")).map { $0 + 1 }
    }

    /// The position behind the closing tag of the element at `start`, past nested elements of the same name.
    private static func endOfElement(_ name: StaticString, in bytes: [UInt8], from start: Int) -> Int? {
        var depth = 0
        var place = start
        while let tag = bytes[place...].firstIndex(of: UInt8(ascii: "<")) {
            place = tag + 1
            if isTag(name, in: bytes, at: place) {
                depth += 1
            } else if place < bytes.count, bytes[place] == UInt8(ascii: "/"), isTag(name, in: bytes, at: place + 1) {
                depth -= 1
                if depth == 0 { return endOfTag(in: bytes, from: place) }
            }
        }
        return nil
    }
}
