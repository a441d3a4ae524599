/// A table under construction. Each row becomes a block. Tables are also used for page layout, so rows of one cell and
/// long cells become paragraphs.
///
/// Each row repeats the headers above it. Headers without rows become a row themselves.
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

    /// Treats the current row as headers if it is the first and its cells look like names.
    mutating func takeAsHeader() { isHeaderRow = isHeaderRow || TableRow.isHeader(cells) }

    /// The number of cells in the current row so far.
    var cellCount: Int { cells.count }

    /// At the end of the table, the headers if no row has repeated them.
    func finish() -> [UInt8]? {
        headers.isEmpty || hasNamedRows ? nil : TableRow.text(of: headers, headers: [])
    }

    /// Ends the row and returns its blocks.
    ///
    /// - Parameters:
    ///   - size: the size of the whole text so far.
    ///   - limit: the text size up to which rows repeat the headers.
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
