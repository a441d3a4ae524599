/// Finds tables in plain text: lines whose cells stand below each other, or are divided by tabs or bars.
///
/// Prose can have wide gaps, too: after sentences, and where lines are justified. So gaps count only if those of the
/// line above are in the same places.
struct TextTables {
    /// A table: the lines that it takes, and its rows in bytes.
    struct Table {
        var lines: Range<Int>
        var rows: [Range<Int>] = []
    }

    /// Longer lines are not rows of a table that people look at.
    private static let maximumLine = 1_000
    /// With this many rows, one column of gaps is enough.
    private static let manyRows = 3

    private let bytes: [UInt8]
    private let lines: [TextLine]

    init(_ bytes: [UInt8], _ lines: [TextLine]) {
        self.bytes = bytes
        self.lines = lines
    }

    func find() -> [Table] {
        guard lines.count > 1 else { return [] }
        var tables: [Table] = []
        var index = 0
        while index < lines.count {
            guard let first = row(at: index) else {
                index += 1
                continue
            }
            let table = table(from: index, first)
            index = max(table.table.lines.upperBound, index + 1)
            if table.isCertain { tables.append(withRulesAbove(table.table, after: tables.last?.lines.upperBound ?? 0)) }
        }
        return tables
    }

    /// The rows from a line on that belong together, and whether they are a table.
    private func table(from start: Int, _ first: TextRow) -> (table: Table, isCertain: Bool) {
        var table = Table(lines: start..<start + 1, rows: [lines[start].range])
        var last = first
        var most = 0
        var isWide = first.hasWideGaps
        var index = start + 1
        while index < lines.count {
            let line = lines[index]
            if isRule(line.range) {
                index += 1
                table.lines = start..<index
                continue
            }
            if let row = row(at: index) {
                let matches = row.matches(with: last)
                guard matches > 0 else { break }
                most = max(most, matches)
                isWide = isWide && row.hasWideGaps
                table.rows.append(line.range)
                last = row
            } else if last.continues(at: line.indent), !isListItem(line.range), let row = table.rows.popLast() {
                table.rows.append(row.lowerBound..<line.range.upperBound)
            } else {
                break
            }
            index += 1
            table.lines = start..<index
        }
        let isCertain = table.rows.count >= Self.manyRows || table.rows.count > 1 && (most > 1 || isWide)
        if first.style == .bars { table.rows = table.rows.map(withoutBars) }
        return (table, isCertain)
    }

    /// The table with the rules above its first row, unless they can be the underline of a heading.
    private func withRulesAbove(_ table: Table, after limit: Int) -> Table {
        var start = table.lines.lowerBound
        while start > limit, isRule(lines[start - 1].range),
            start == 1 || bytes[lines[start - 1].range].contains(where: { !"-=~^".utf8.contains($0) })
        {
            start -= 1
        }
        var table = table
        table.lines = start..<table.lines.upperBound
        return table
    }

    /// Whether a line consists of dashes, with the corners of cells between them.
    private func isRule(_ range: Range<Int>) -> Bool {
        let line = bytes[range]
        return line.count >= 3 && line.count { $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: "=") } * 2 >= line.count
            && line.allSatisfy { "-=+|: \t".utf8.contains($0) }
    }

    private func isListItem(_ range: Range<Int>) -> Bool { ListMarker(in: bytes, at: range) != nil }

    private func withoutBars(_ range: Range<Int>) -> Range<Int> {
        var (start, end) = (range.lowerBound, range.upperBound)
        while start < end, bytes[start] == UInt8(ascii: "|") || bytes[start] == 0x20 { start += 1 }
        while end > start, bytes[end - 1] == UInt8(ascii: "|") || bytes[end - 1] == 0x20 { end -= 1 }
        return start == end ? range : start..<end
    }

    /// The row that a line can be; nil for a line without gaps, for one of a list and for code.
    private func row(at index: Int) -> TextRow? {
        let line = lines[index]
        guard line.range.count <= Self.maximumLine, let row = TextRow(bytes, line), !isListItem(line.range),
            !isRule(line.range)
        else { return nil }
        return row
    }
}

/// A line with gaps.
struct TextRow {
    enum Style { case bars, tabs, spaces }

    private struct Cell {
        var start: Int
        /// The column behind it.
        var end: Int
        var isEmpty: Bool { start == end }
    }

    let style: Style
    private var cells: [Cell] = []
    private let indent: Int
    /// The number of gaps between its cells.
    private var divisions = 0
    /// Whether all its gaps are wider than those between words or sentences.
    private(set) var hasWideGaps = true

    /// Nil for a line of one cell, for code, and for prose that is justified.
    init?(_ bytes: [UInt8], _ line: TextLine) {
        let text = bytes[line.range]
        guard let last = text.last, !";{}\\".utf8.contains(last), !text.starts(with: "//".utf8) else { return nil }
        style = Self.style(of: text)
        guard style != .spaces || Self.hasSpaces(text) else { return nil }
        indent = line.indent
        var narrow = 0
        var words = 1
        var column = line.indent
        var cell = Cell(start: column, end: column)
        var index = text.startIndex
        while index < text.endIndex {
            let start = index
            var next = column
            while index < text.endIndex, isBlank(text[index]) {
                next = text[index] == 9 ? (next / 8 + 1) * 8 : next + 1
                index += 1
            }
            guard index == start || !isGap(text, start..<index) else {
                if style == .spaces, next - column < 3 { narrow += 1 }
                // Code, with what is assigned or remarked at the same column.
                if ["= ", "# ", "//", "/*"].contains(where: { text[index...].starts(with: $0.utf8) }) { return nil }
                cells.append(cell)
                cell = Cell(start: next, end: next)
                column = next
                words += 1
                continue
            }
            if index > start {
                words += 1
                column = next
                continue
            }
            if !TextBytes.isContinuation(text[index]) {
                // Letters of East Asia take two columns.
                column += 0xE3...0xED ~= text[index] ? 2 : 1
            }
            index += 1
            cell.end = column
        }
        cells.append(cell)
        hasWideGaps = narrow == 0
        if style == .bars {
            let bar = UInt8(ascii: "|")
            divisions = text.count { $0 == bar } - (text.first == bar ? 1 : 0) - (last == bar ? 1 : 0)
            if divisions < 1 { return nil }
            return
        }
        divisions = cells.count - 1
        guard divisions > 0, words <= 8 || narrow * 2 <= divisions else { return nil }
    }

    private static func style(of text: ArraySlice<UInt8>) -> Style {
        let bar = UInt8(ascii: "|")
        guard let first = text.firstIndex(of: bar) else { return text.contains(9) ? .tabs : .spaces }
        let isPair = first + 1 < text.endIndex && text[first + 1] == bar
        let isApart = first == text.startIndex || isSpace(text[first - 1])
        return isPair || !isApart ? text.contains(9) ? .tabs : .spaces : .bars
    }

    private static func hasSpaces(_ text: ArraySlice<UInt8>) -> Bool {
        var last: UInt8 = 0
        for byte in text {
            if byte == 0x20, last == 0x20 { return true }
            last = byte
        }
        return false
    }

    private static func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 9 }

    /// Whether a byte can belong to a gap.
    private func isBlank(_ byte: UInt8) -> Bool { Self.isSpace(byte) || style == .bars && byte == UInt8(ascii: "|") }

    /// Whether what stands between two words divides cells.
    private func isGap(_ text: ArraySlice<UInt8>, _ range: Range<Int>) -> Bool {
        guard range.lowerBound > text.startIndex, range.upperBound < text.endIndex else { return false }
        switch style {
        case .bars: return text[range].contains(UInt8(ascii: "|"))
        case .tabs: return text[range].contains(9) || range.count > 2
        case .spaces:
            guard range.count == 2 else { return range.count > 2 }
            // The space behind a sentence.
            var end = range.lowerBound
            while end > text.startIndex, "\"')]".utf8.contains(text[end - 1]) { end -= 1 }
            return end == text.startIndex || !".!?:".utf8.contains(text[end - 1])
        }
    }

    /// The number of gaps in the same places as in the row above; 0 if they do not belong to the same table.
    func matches(with other: TextRow) -> Int {
        guard style == other.style else { return 0 }
        let (count, otherCount) = (divisions, other.divisions)
        guard style == .spaces else { return abs(count - otherCount) <= 1 ? min(count, otherCount) : 0 }
        let (starts, ends) = (Set(other.cells.dropFirst().map(\.start)), Set(other.cells.dropFirst().map(\.end)))
        var matches = cells.dropFirst().count { starts.contains($0.start) || ends.contains($0.end) }
        if count == otherCount, count > 1 || hasWideGaps && other.hasWideGaps, matches < count {
            // Centred cells have their gaps above each other.
            let overlapping = cells.indices.dropFirst().count {
                max(cells[$0 - 1].end, other.cells[$0 - 1].end) < min(cells[$0].start, other.cells[$0].start)
            }
            if overlapping == count { matches = count }
        }
        return matches * 2 >= min(count, otherCount) && matches * 3 >= max(count, otherCount) ? matches : 0
    }

    /// Whether a line without gaps goes on with a cell of this row.
    func continues(at indent: Int) -> Bool {
        style == .spaces && indent > self.indent && cells.dropFirst().contains { $0.start == indent }
    }
}
