/// The table that is being read. A row becomes one block; but tables are also used to lay out
/// pages, so rows of one cell and long cells become paragraphs.
struct HTMLTable {
    private static let longCell = 1_000

    private(set) var isInCell = false
    private var cells: [[UInt8]] = []
    private var headers: [[UInt8]] = []
    private var isHeaderRow = true
    private var isFirstRow = true

    mutating func startCell(isHeader: Bool) {
        isInCell = true
        isHeaderRow = isHeaderRow && isHeader
    }

    mutating func endCell(with content: [UInt8]) {
        cells.append(TextBytes.collapse(content))
        isInCell = false
    }

    /// The blocks of the row that ends.
    ///
    /// - Parameters:
    ///   - size: how large the whole text is.
    ///   - limit: how large it may become with the headers repeated in each row.
    mutating func finishRow(
        textSize size: Int, limit: Int
    ) -> [(kind: TextBlock.Kind, content: [UInt8])] {
        guard !cells.isEmpty else { return [] }
        defer {
            cells.removeAll()
            isHeaderRow = true
            isFirstRow = false
        }
        if isFirstRow, isHeaderRow, cells.count > 1 {
            headers = TableRow.headers(from: cells)
            return []
        }
        if cells.count == 1 || cells.contains(where: { $0.count > Self.longCell }) {
            return cells.map { (.paragraph, $0) }
        }
        return [(.tableRow, TableRow.text(of: cells, headers: size > limit ? [] : headers))]
    }
}
