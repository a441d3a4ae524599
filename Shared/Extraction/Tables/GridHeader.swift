/// The rows of a table that name its columns.
///
/// They are marked as such, or their cells differ in type from those below: words above numbers, bold above plain text,
/// an empty corner, years.
struct GridHeader {
    /// A table whose first rows are all marked has no more than these as its header.
    private static let maximumRows = 4

    /// The header among the rows; empty if there is none.
    let rows: Range<Int>
    /// By column. Names of several rows, as of "2023" above "Q1", are joined.
    let names: [[UInt8]]

    /// - Parameters:
    ///   - rows: the first rows of the table.
    ///   - isAll: whether the table has no others.
    init(of rows: [TableRowDraft], isAll: Bool) {
        // Rows of one cell above the header are titles.
        let width = rows.lazy.map(\.width).max() ?? 0
        let first = rows.firstIndex { $0.only == nil || width == 1 } ?? rows.count
        var count = rows[first...].prefix { $0.isHeader && ($0.only == nil || width == 1) }.count
        let isNarrow = width <= TextTable.widestSpan
        if count == 0, isNarrow, Self.looksLikeHeader(rows[first...]) { count = 1 }
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
        return !body.isEmpty && !hasValues(second)
            && (second.isBold && !body.allSatisfy(\.isBold) || differs(second, from: body))
    }

    /// Nil if a cell is too long for a name.
    private static func names(in rows: ArraySlice<TableRowDraft>) -> [[UInt8]]? {
        var names: [[UInt8]] = []
        var last: [[UInt8]] = []
        for row in rows {
            for cell in row.cells where !cell.isEmpty {
                guard cell.size <= TableRow.longestName + 1 else { return nil }
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
        return names.contains { $0.count > TableRow.longestName } ? nil : names
    }

    // MARK: Rows without marks

    private static func looksLikeHeader(_ rows: ArraySlice<TableRowDraft>) -> Bool {
        guard rows.count > 1, let head = rows.first, head.width > 1 else { return false }
        // A label beside each row: "Name | Ann", "Born | 1950".
        if head.cells[0].isHeader, head.width == 2 { return false }
        guard head.cells.allSatisfy({ $0.size <= TableRow.longestName }) else { return false }
        let body = rows.dropFirst().filter { $0.only == nil }
        let filled = head.filled
        guard !body.isEmpty, filled > 0 else { return false }
        let hasCorner = head.cells[0].isEmpty && filled == head.cells.count - 1
        let isBold = head.isBold && !body.allSatisfy(\.isBold) && (filled > 1 || hasCorner)
        let isCorner = hasCorner && head.width > 2 && body.allSatisfy { $0.cells.first.map { !$0.isEmpty } ?? false }
        if isBold || isCorner, !hasValues(head) { return true }
        guard hasCorner || filled > 1 && filled >= head.cells.count - 1 else { return false }
        // As in CSV, the first row of a table of text names its columns. Two columns can be labels and their texts.
        return differs(head, from: body, isLikely: head.width > 2)
    }

    /// Whether cells contain values that are not names, as years are.
    static func hasValues(_ row: TableRowDraft) -> Bool {
        row.cells.contains { cell in
            !cell.isEmpty && CellKind(cell.line) == .value && !TableColumns.isPeriod(cell.line)
        }
    }

    /// Whether the cells of a row name those below, by what they contain.
    private static func differs(_ head: TableRowDraft, from body: [TableRowDraft], isLikely: Bool = false) -> Bool {
        let rows = ([head] + body).map(\.texts)
        let kinds = rows.map { $0.map(CellKind.init) }
        return TableColumns(rows, kinds, below: 0)
            .areNamed(by: rows[0], kinds[0], isLikely: isLikely, mayBePairs: true)
    }
}
