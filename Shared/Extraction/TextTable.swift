/// The table that is being read. A row becomes one block; but tables are also used to lay out
/// pages, so rows of one cell and long cells become paragraphs.
///
/// The rows under a row of headers repeat them; without such rows the headers are a row themselves.
struct TextTable {
    private static let longCell = 1_000

    private(set) var isInCell = false
    private var cells: [[UInt8]] = []
    private var headers: [[UInt8]] = []
    private var isHeaderRow = true
    private var isFirstRow = true
    private var hasNamedRows = false

    mutating func startCell(isHeader: Bool) {
        isInCell = true
        isHeaderRow = isHeaderRow && isHeader
    }

    mutating func endCell(with content: [UInt8]) {
        cells.append(TextBytes.collapse(content))
        isInCell = false
    }

    /// The row that is being read names the columns, if it is the first and its cells look like names.
    mutating func takeAsHeader() { isHeaderRow = isHeaderRow || TableRow.isHeader(cells) }

    /// How many cells the row that is being read has so far.
    var cellCount: Int { cells.count }

    /// What the table's end brings to light: headers that no row has repeated.
    func finish() -> [UInt8]? {
        headers.isEmpty || hasNamedRows ? nil : TableRow.text(of: headers, headers: [])
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
        if isFirstRow, isHeaderRow, cells.count > 1, let names = TableRow.headers(from: cells) {
            headers = names
            return []
        }
        if cells.count == 1 || cells.contains(where: { $0.count > Self.longCell }) {
            return cells.map { (.paragraph, $0) }
        }
        hasNamedRows = true
        return [(.tableRow, TableRow.text(of: cells, headers: size > limit ? [] : headers))]
    }
}
