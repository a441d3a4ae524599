/// The rows of a table that name its columns.
///
/// They are marked as such, or their cells differ in type from those below: words above numbers, bold above plain text,
/// an empty corner, years.
struct GridHeader {
    /// A table whose first rows are all marked has no more than these as its header.
    private static let maximumRows = 4
    /// The maximum length of a name in bytes, because every row repeats it.
    static let longestName = 200

    /// The header among the rows; empty if there is none.
    let rows: Range<Int>
    /// By column. Names of several rows, as of "2023" above "Q1", are joined.
    let names: [[UInt8]]

    /// - Parameters:
    ///   - rows: the first rows of the table.
    ///   - isAll: whether the table has no others.
    init(of rows: [TableRowDraft], isAll: Bool, isFirstRowSpecial: Bool) {
        // Rows of one cell above the header are titles.
        let width = rows.lazy.map(\.width).max() ?? 0
        let first = rows.firstIndex { $0.only == nil || width == 1 } ?? rows.count
        var count = rows[first...].prefix { $0.isHeader && ($0.only == nil || width == 1) }.count
        let isNarrow = width <= TextTable.widestSpan
        if count == 0, isNarrow, Self.looksLikeHeader(rows[first...], isFirstRowSpecial: isFirstRowSpecial) {
            count = 1
        }
        if count == 1, isNarrow, Self.hasGroups(rows[first...]) { count = 2 }
        if count > 0 { count = max(count, Self.reach(of: rows[first..<(first + count)])) }
        if count > Self.maximumRows || first + count > rows.count || (isAll && first + count == rows.count) {
            count = min(count, rows.count - first > 1 ? 1 : 0)
        }
        let header = first..<(first + count)
        if count > 0, let names = Self.names(in: rows[header]) {
            (self.rows, self.names) = (header, names)
        } else {
            (self.rows, self.names) = (first..<first, [])
        }
    }

    /// A cell of the header that covers several rows makes them part of the header.
    private static func reach(of rows: ArraySlice<TableRowDraft>) -> Int {
        rows.enumerated().map { offset, row in
            row.cells.lazy.filter { !$0.isRepeated }.map { offset + min($0.rows, maximumRows) }.max() ?? 0
        }.max() ?? 0
    }

    /// Whether cells of the first row group columns that the second row names.
    private static func hasGroups(_ rows: ArraySlice<TableRowDraft>) -> Bool {
        guard rows.count > 2, let first = rows.first else { return false }
        let second = rows[rows.startIndex + 1]
        let groups = first.cells.filter { $0.columns > 1 && !$0.isEmpty }
        let areNamed = groups.allSatisfy { group in
            second.cells.contains {
                !$0.isEmpty && $0.columns < group.columns
                    && (group.column..<(group.column + group.columns)).contains($0.column)
            }
        }
        guard !groups.isEmpty, groups.count < first.cells.count, areNamed else { return false }
        let body = rows.dropFirst(2).filter { $0.only == nil }
        return second.cells.allSatisfy { !CellType(of: $0).isValue } && !body.isEmpty
            && (second.isBold && !body.allSatisfy(\.isBold) || differs(second, from: body))
    }

    /// Nil if a cell is too long for a name.
    private static func names(in rows: ArraySlice<TableRowDraft>) -> [[UInt8]]? {
        var names: [[UInt8]] = []
        var last: [[UInt8]] = []
        for row in rows {
            for cell in row.cells where !cell.isEmpty {
                guard cell.size <= longestName + 1 else { return nil }
                var name = cell.line
                while name.last == UInt8(ascii: ":") || name.last == 0x20 { name.removeLast() }
                for column in cell.column..<(cell.column + cell.columns) {
                    while names.count <= column {
                        names.append([])
                        last.append([])
                    }
                    // A cell that covers several rows of the header names its columns once.
                    if last[column] == name { continue }
                    last[column] = name
                    if !names[column].isEmpty { names[column].append(0x20) }
                    names[column].append(contentsOf: name)
                }
            }
        }
        return names.contains { $0.count > longestName } ? nil : names
    }

    // MARK: Types

    private static func looksLikeHeader(_ rows: ArraySlice<TableRowDraft>, isFirstRowSpecial: Bool) -> Bool {
        guard let head = rows.first, head.width > 1, rows.count > 1 else { return false }
        let filled = head.cells.filter { !$0.isEmpty }
        // A label beside each row: "Name | Ann", "Born | 1950".
        if head.cells[0].isHeader, head.width == 2 { return false }
        guard filled.allSatisfy({ $0.size <= longestName && !CellType(of: $0).isValue }) else { return false }
        let body = rows.dropFirst().filter { $0.only == nil }
        guard !body.isEmpty, !filled.isEmpty else { return false }
        let hasCorner = head.cells[0].isEmpty && filled.count == head.cells.count - 1
        if head.isBold, !body.allSatisfy(\.isBold) { return filled.count > 1 || hasCorner }
        if hasCorner, body.allSatisfy({ $0.cells.first.map { !$0.isEmpty } ?? false }) {
            return head.width > 2 || differs(head, from: body)
        }
        guard filled.count > 1, filled.count >= head.cells.count - 1 else { return false }
        if isFirstRowSpecial, head.width > 2, filled.count == head.cells.count { return true }
        return differs(head, from: body)
    }

    /// Whether the cells below are numbers where those of the head are words or years.
    private static func differs(_ head: TableRowDraft, from body: [TableRowDraft]) -> Bool {
        var columns = 0
        var isUniform = false
        for cell in head.cells where !cell.isEmpty {
            let below = body.flatMap { row in row.cells.filter { $0.column == cell.column && !$0.isEmpty } }
            let types = below.map { CellType(of: $0) }
            guard !types.isEmpty, types.count(where: { $0 != .word }) * 3 >= types.count * 2 else { continue }
            if CellType(of: cell) == .year, types.allSatisfy({ $0 == .year }) { continue }
            columns += 1
            let units = Set(below.map { CellType.unit(of: $0.line) })
            isUniform = isUniform || below.count > 1 && types.allSatisfy { $0 != .word } && units.count == 1
        }
        // Two columns may just as well be labels and their values.
        return head.width > 2 ? columns > 0 : columns > 1 || isUniform
    }
}

/// What a cell contains.
enum CellType {
    case empty, number, year, word

    /// A number with as many letters as a unit has is a value: "140 EUR", "3 to 5", "2023-11-04".
    private static let lettersOfUnit = 6

    init(of cell: TableCell) { self = cell.isEmpty ? .empty : CellType(of: cell.line) }

    init(of text: [UInt8]) {
        guard let first = text.first else {
            self = .empty
            return
        }
        let digits = text.count(where: TextBytes.isDigit)
        if digits == 4, text.count == 4, text.starts(with: "19".utf8) || text.starts(with: "20".utf8) {
            self = .year
            return
        }
        let unit = Self.unit(of: text)
        let letters = unit.count { TextBytes.isLetter($0) || $0 >= 0xC3 }
        // The last two begin "£", "±", "€" and "−" in UTF-8.
        let startsAsValue =
            TextBytes.isDigit(first) || "+-.,(<>~=$".utf8.contains(first) || [0xC2, 0xE2].contains(first)
        // "EUR 140", but not "Q1" or "Day 1".
        let code = text.prefix { TextBytes.isUppercase($0) }
        let hasCurrency = code.count == 3 && text.count > 4 && text[3] == 0x20 && TextBytes.isDigit(text[4])
        self = digits > 0 && letters <= Self.lettersOfUnit && (startsAsValue || hasCurrency) ? .number : .word
    }

    var isValue: Bool { self == .number }

    /// The text without digits, separators and space.
    static func unit(of text: [UInt8]) -> [UInt8] {
        text.filter { !TextBytes.isDigit($0) && !TextBytes.isSpace($0) && !".,:-+/".utf8.contains($0) }
    }
}
