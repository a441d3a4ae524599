/// Reads plain text. The extracted text is the file's text, with the same length in bytes; only the borders of boxes
/// around paragraphs are replaced by spaces, and words that a hyphen divides at the end of a line are joined.
enum PlainTextExtractor {
    static func extract(_ bytes: [UInt8]) -> ExtractedText {
        let joined = LineEndHyphens(joining: TextBoxes.removeBorders(from: bytes))
        let blocks = blocks(of: joined.bytes, in: 0..<joined.bytes.count)
        var text = ExtractedText(text: String(decoding: joined.bytes, as: UTF8.self), blocks: blocks)
        text.variants = joined.variants
        return text
    }

    /// The blocks of a part of a text, which ends at the end of a line.
    static func blocks(of bytes: [UInt8], in range: Range<Int>) -> [TextBlock] {
        var parser = PlainTextParser(bytes, range)
        return parser.parse()
    }
}

/// A line without surrounding space.
struct TextLine {
    /// In bytes.
    var range: Range<Int>
    /// The indentation in columns; a tab advances to the next multiple of eight.
    var indent: Int

    /// The line at `index`, which advances to the next, in the bytes before `limit`.
    init(in bytes: [UInt8], from index: inout Int, to limit: Int) {
        var indent = 0
        while index < limit, bytes[index] == 0x20 || bytes[index] == 9 || bytes[index] == 12 {
            indent = bytes[index] == 9 ? (indent / 8 + 1) * 8 : indent + 1
            index += 1
        }
        let start = index
        while index < limit, bytes[index] != 10, bytes[index] != 13 { index += 1 }
        var end = index
        while end > start, TextBytes.isSpace(bytes[end - 1]) { end -= 1 }
        if index < limit {
            let isPair = bytes[index] == 13 && index + 1 < limit && bytes[index + 1] == 10
            index += isPair ? 2 : 1
        }
        range = start..<end
        self.indent = indent
    }

    /// The indents of twelve columns or more that more than eight lines share.
    static func columns(in bytes: [UInt8], _ part: Range<Int>) -> Set<Int> {
        var counts: [Int: Int] = [:]
        var index = part.lowerBound
        while index < part.upperBound {
            let line = TextLine(in: bytes, from: &index, to: part.upperBound)
            if !line.range.isEmpty, (12...64).contains(line.indent) { counts[line.indent, default: 0] += 1 }
        }
        return Set(counts.lazy.filter { $0.value > 8 }.map(\.key))
    }
}

/// Reads a text by paragraphs, which are runs of lines that are not blank.
private struct PlainTextParser {
    private let bytes: [UInt8]
    private let rules: HeadingRules
    private let end: Int
    private var index: Int
    private var blocks = TextBlocks()
    /// The depth of the last paragraph's number, if that was an item of one line.
    private var lastItemDepth: Int?

    init(_ bytes: [UInt8], _ range: Range<Int>) {
        self.bytes = bytes
        index = range.lowerBound
        end = range.upperBound
        rules = HeadingRules(bytes: bytes, columns: TextLine.columns(in: bytes, range))
    }

    mutating func parse() -> [TextBlock] {
        var current = nextParagraph()
        while !current.isEmpty {
            let next = nextParagraph()
            add(current, before: next)
            current = next
        }
        return blocks.all
    }

    /// The next run of lines that are not blank; empty at the end.
    private mutating func nextParagraph() -> [TextLine] {
        var lines: [TextLine] = []
        while index < end {
            let line = TextLine(in: bytes, from: &index, to: end)
            if !line.range.isEmpty {
                lines.append(line)
            } else if !lines.isEmpty {
                break
            }
        }
        return lines
    }

    private mutating func add(_ lines: [TextLine], before next: [TextLine]) {
        var start = 0
        for table in TextTables(bytes, lines).find() {
            let prose = lines[start..<table.lines.lowerBound]
            if !prose.isEmpty { addProse(Array(prose), before: Array(lines[table.lines])) }
            for row in table.rows { blocks.append(TextBlock(kind: .tableRow, range: row)) }
            start = table.lines.upperBound
            lastItemDepth = nil
        }
        if start == 0 {
            addProse(lines, before: next)
        } else if start < lines.count {
            addProse(Array(lines[start...]), before: next)
        }
    }

    private mutating func addProse(_ lines: [TextLine], before next: [TextLine]) {
        var rest = lines[...]
        if let heading = rules.underlined(lines) {
            blocks.append(heading)
            rest = lines.dropFirst(2)
        } else if lines.count == 1, let item = rules.numberedTitle(lines[0].range),
            isListItem(depth: item.depth, before: next)
        {
            lastItemDepth = item.depth
            blocks.append(TextBlock(kind: .listItem, range: lines[0].range))
            return
        } else if let heading = rules.standalone(lines, before: next) {
            blocks.append(heading)
            rest = lines.dropFirst()
        } else if let heading = rules.runIn(lines) {
            blocks.append(heading)
            lastItemDepth = nil
            addParagraph(rest, kind: .paragraph)
            return
        }
        lastItemDepth = nil
        addItems(rest)
    }

    /// Numbered titles on consecutive lines are a list, not headings.
    private func isListItem(depth: Int, before next: [TextLine]) -> Bool {
        if lastItemDepth == depth { return true }
        return next.count == 1 && rules.numberedTitle(next[0].range)?.depth == depth
    }

    /// Splits a paragraph at the lines that begin a list item. A line of prose may begin with "7." or "(b)", so a
    /// number counts only in the same column as the list's other numbers.
    private mutating func addItems(_ lines: ArraySlice<TextLine>) {
        var start = lines.startIndex
        var list: (marker: ListMarker, indent: Int)?
        for position in lines.indices {
            let line = lines[position]
            let isFirst = position == lines.startIndex
            guard let marker = ListMarker(in: bytes, at: line.range),
                isFirst || marker == .bullet || continues(list, marker, line.indent)
            else { continue }
            if !isFirst {
                addParagraph(lines[start..<position], kind: list == nil ? .paragraph : .listItem)
            }
            start = position
            list = (marker, line.indent)
        }
        addParagraph(lines[start...], kind: list == nil ? .paragraph : .listItem)
    }

    /// Whether an item belongs to the list. Roman numerals are often right-aligned, so their columns differ a little.
    private func continues(
        _ list: (marker: ListMarker, indent: Int)?, _ marker: ListMarker, _ indent: Int
    ) -> Bool {
        guard let list else { return false }
        return marker == list.marker && abs(indent - list.indent) <= 3
    }

    private mutating func addParagraph(_ lines: ArraySlice<TextLine>, kind: TextBlock.Kind) {
        guard let first = lines.first, let last = lines.last else { return }
        let range = first.range.lowerBound..<last.range.upperBound
        blocks.append(TextBlock(kind: kind, range: range))
    }
}
