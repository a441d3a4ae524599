/// A line of Markdown and the blocks it can begin. Quote marks (`>`) are skipped.
struct MarkdownLine {
    /// A run of backticks or tildes that opens or closes code.
    struct Fence {
        let mark: UInt8
        let count: Int
        let hasInfo: Bool

        func closes(_ opening: Fence) -> Bool {
            mark == opening.mark && count >= opening.count && !hasInfo
        }
    }

    private let bytes: [UInt8]
    /// The line without quote marks, with and without surrounding space.
    let whole: Range<Int>
    let text: Range<Int>
    let isQuoted: Bool

    /// - Parameter indent: the columns of space that belong to the block around the line.
    init(_ bytes: [UInt8], _ range: Range<Int>, without indent: Int = 0) {
        self.bytes = bytes
        let first = Self.skipSpace(in: bytes, range, columns: indent)
        var start = first
        while start < range.upperBound {
            var mark = start
            while mark < range.upperBound, mark - start < 3, bytes[mark] == 0x20 { mark += 1 }
            guard mark < range.upperBound, bytes[mark] == UInt8(ascii: ">") else { break }
            start = mark + 1
            if start < range.upperBound, bytes[start] == 0x20 { start += 1 }
        }
        isQuoted = start > first
        whole = start..<range.upperBound
        text = TextBytes.trim(bytes, whole)
    }

    private static func skipSpace(in bytes: [UInt8], _ range: Range<Int>, columns: Int) -> Int {
        var start = range.lowerBound
        var left = columns
        while left > 0, start < range.upperBound, bytes[start] == 0x20 || bytes[start] == 9 {
            left -= bytes[start] == 9 ? 4 : 1
            start += 1
        }
        return start
    }

    var isBlank: Bool { text.isEmpty }

    /// The indentation in columns, four per tab.
    var indent: Int {
        (whole.lowerBound..<text.lowerBound).reduce(0) { $0 + (bytes[$1] == 9 ? 4 : 1) }
    }

    var hasPipe: Bool { bytes[text].contains(UInt8(ascii: "|")) }

    /// `# Title #`: the level and the title.
    var heading: (level: Int, text: Range<Int>)? {
        let marks = bytes[text].prefix { $0 == UInt8(ascii: "#") }.count
        guard (1...6).contains(marks), indent < 4 else { return nil }
        let rest = (text.lowerBound + marks)..<text.upperBound
        guard rest.isEmpty || TextBytes.isSpace(bytes[rest.lowerBound]) else { return nil }
        var end = rest.upperBound
        while end > rest.lowerBound, bytes[end - 1] == UInt8(ascii: "#") { end -= 1 }
        let isClosed = end == rest.lowerBound || TextBytes.isSpace(bytes[end - 1])
        return (marks, rest.lowerBound..<(isClosed ? end : rest.upperBound))
    }

    /// 1 for a line of `=`, 2 for one of `-`.
    var underlineLevel: Int? {
        guard let mark = bytes[text].first, mark == UInt8(ascii: "=") || mark == UInt8(ascii: "-"),
            indent < 4, bytes[text].allSatisfy({ $0 == mark })
        else { return nil }
        return mark == UInt8(ascii: "=") ? 1 : 2
    }

    /// A thematic break: three or more of `-`, `*` or `_`.
    var isRule: Bool {
        guard let mark = bytes[text].first, "-*_".utf8.contains(mark) else { return false }
        return bytes[text].count { $0 == mark } >= 3
            && bytes[text].allSatisfy { $0 == mark || TextBytes.isSpace($0) }
    }

    /// Whether the line is `[name]: address`, perhaps with a title in quotes or parentheses, which readers do not see
    /// (CommonMark section 4.7). A footnote, `[^1]: text`, is not one, and neither is a line with anything else after
    /// the address.
    var isLinkDefinition: Bool {
        guard bytes[text].starts(with: "[".utf8), !bytes[text].starts(with: "[^".utf8),
            let end = bytes[text].firstIndex(of: UInt8(ascii: "]")), end + 1 < text.upperBound,
            bytes[end + 1] == UInt8(ascii: ":")
        else { return false }
        let definition = bytes[(end + 2)..<text.upperBound].drop(while: TextBytes.isSpace)
        let isBracketed = definition.first == UInt8(ascii: "<")
        let address = definition.prefix { isBracketed ? $0 != UInt8(ascii: ">") : !TextBytes.isSpace($0) }
        let title = definition[address.endIndex...].dropFirst(isBracketed ? 1 : 0).drop(while: TextBytes.isSpace)
        guard let first = title.first, let last = title.last(where: { !TextBytes.isSpace($0) }) else { return true }
        return title.count > 1 && ["\"\"", "''", "()"].contains { $0.utf8.elementsEqual([first, last]) }
    }

    var fence: Fence? {
        guard let mark = bytes[text].first, mark == UInt8(ascii: "`") || mark == UInt8(ascii: "~")
        else { return nil }
        let count = bytes[text].prefix { $0 == mark }.count
        let info = bytes[text].dropFirst(count)
        guard count >= 3, mark != UInt8(ascii: "`") || !info.contains(mark) else { return nil }
        return Fence(mark: mark, count: count, hasInfo: !info.isEmpty)
    }

    /// A list item, `- `, `* `, `+ `, `1. ` or `1) `: its content, and its marker unless that is part of the content.
    var item: (content: Range<Int>, marker: String)? {
        let line = bytes[text]
        let digits = line.prefix(9).prefix(while: TextBytes.isDigit).count
        let mark = text.lowerBound + digits
        guard mark + 1 < text.upperBound, TextBytes.isSpace(bytes[mark + 1]) else { return nil }
        let marks = digits > 0 ? ".)" : "-*+"
        guard marks.utf8.contains(bytes[mark]) else { return nil }
        return digits > 0 ? (text, "") : ((mark + 2)..<text.upperBound, "\(ListMarker.plain) ")
    }

    /// `|---|:--:|`, the line below a table's header.
    var isTableDelimiter: Bool {
        hasPipe && bytes[text].contains(UInt8(ascii: "-"))
            && bytes[text].allSatisfy { "|-: \t".utf8.contains($0) }
    }
}
