/// A row of a table as text.
enum TableRow {
    /// The maximum length of a column name in bytes, because every row repeats it.
    static let longestName = 200

    /// The text size up to which rows repeat names and paths, for a source of `sourceSize`. Small texts may grow
    /// fourfold.
    static func textLimit(of sourceSize: Int) -> Int {
        sourceSize + min(3 * sourceSize, 16 << 20) + 65_536
    }

    /// `Header: value; Header: value`, without empty cells. Cells without a header have only their value.
    static func text(of cells: [[UInt8]], headers: [[UInt8]]) -> [UInt8] {
        var row: [UInt8] = []
        for (column, cell) in cells.enumerated() {
            let start = row.count
            if !row.isEmpty { row.append(contentsOf: "; ".utf8) }
            if column < headers.count, !headers[column].isEmpty {
                row.append(contentsOf: headers[column])
                row.append(contentsOf: ": ".utf8)
            }
            let value = row.count
            TextBytes.appendCollapsed(cell, to: &row)
            if row.count == value { row.removeLast(value - start) }
        }
        return row
    }
}
