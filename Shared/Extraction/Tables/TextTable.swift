/// A table under construction: a grid in which a cell stands in every row and column that it covers. Each row becomes a
/// block with the names of its columns.
///
/// Tables are also used for page layout, and their cells may contain any blocks, even tables. What does not fit into the
/// line of a row follows it as blocks of their own.
struct TextTable {
    /// The first rows wait until the table's header is known.
    private static let rowsToWait = 12
    /// The size of the waiting rows, and of a cell, beyond which nothing waits.
    private static let sizeToWait = 65_536
    /// The limit of HTML for `colspan`. Spans beyond this column count as one.
    static let widestSpan = 1_000
    /// A row with more cells is written in parts.
    private static let mostCells = 10_000
    /// Longer cells stand only in the first row that they cover.
    private static let longestRepeated = 300

    private(set) var isInCell = false
    private var cell = TableCell()
    /// Whether the open cell continues the one above it.
    private var continuesAbove = false
    private var row = TableRowDraft()
    private(set) var isInRow = false
    private var nextColumn = 0

    /// Cells of rows above that cover cells of this row, by column.
    private var carried: [TableCell] = []
    private var carriedIndex = 0
    /// The row above, for cells that say only that they continue.
    private var above: [TableCell] = []
    private var aboveIndex = 0

    private var waiting: [TableRowDraft] = []
    private var waitingSize = 0
    private var writer: TableRowWriter?
    /// Whether the blocks of the open row no longer wait for its end.
    private var isSpilling = false
    private var output: [LooseBlock] = []

    /// The blocks that are complete, once.
    mutating func takeBlocks() -> [LooseBlock] {
        defer { output.removeAll() }
        return output
    }

    var hasBlocks: Bool { !output.isEmpty }

    // MARK: Cells

    mutating func startCell(isHeader: Bool = false, columns: Int = 1, rows: Int = 1, _ budget: inout RepetitionBudget) {
        endCell(&budget)
        isInRow = true
        placeCarried(&budget)
        isInCell = true
        continuesAbove = false
        cell = TableCell()
        cell.isHeader = isHeader
        cell.column = nextColumn
        cell.rows = max(1, rows)
        spanColumns(columns)
    }

    /// Makes the open cell cover this many columns.
    mutating func spanColumns(_ columns: Int) {
        cell.columns = min(max(1, columns), max(1, Self.widestSpan - cell.column))
    }

    /// Gives the open cell the content of the cell above.
    mutating func continueAbove() { continuesAbove = true }

    /// Leaves this many columns of the row empty.
    mutating func skipColumns(_ columns: Int) {
        nextColumn += min(max(0, columns), max(0, Self.widestSpan - nextColumn))
    }

    /// Adds a block to the open cell.
    mutating func append(_ block: LooseBlock, _ budget: inout RepetitionBudget) {
        if isSpilling { return output.append(block) }
        cell.append(block)
        if cell.size > Self.sizeToWait { spill(&budget) }
    }

    mutating func endCell(isBold: Bool = false, _ budget: inout RepetitionBudget) {
        guard isInCell else { return }
        isInCell = false
        cell.isBold = isBold
        if continuesAbove, cell.isEmpty { takeAbove(&budget) }
        nextColumn = cell.column + cell.columns
        if row.cells.isEmpty { row.cells.reserveCapacity(above.count) }
        row.cells.append(cell)
        if !cell.isRepeated { row.ownCells += 1 }
        if row.cells.count >= Self.mostCells { writePart(&budget) }
    }

    private mutating func takeAbove(_ budget: inout RepetitionBudget) {
        cell.isRepeated = true
        while aboveIndex < above.count, above[aboveIndex].column < cell.column { aboveIndex += 1 }
        guard aboveIndex < above.count, above[aboveIndex].column == cell.column else { return }
        let source = above[aboveIndex]
        (cell.isHeader, cell.isBold) = (source.isHeader, source.isBold)
        if Self.isRepeatable(source), budget.take(source.size) {
            cell.append(LooseBlock(kind: .paragraph, content: source.line))
        }
    }

    private static func isRepeatable(_ cell: TableCell) -> Bool {
        cell.size <= longestRepeated && cell.isLine && !cell.isEmpty
    }

    /// Places the cells from above that come before the next cell of this row.
    private mutating func placeCarried(_ budget: inout RepetitionBudget, all: Bool = false) {
        while carriedIndex < carried.count, all || carried[carriedIndex].column <= nextColumn {
            var copy = carried[carriedIndex]
            carriedIndex += 1
            copy.isRepeated = true
            // An empty cell has its cost, too: somebody must step over it.
            if !Self.isRepeatable(copy) || !budget.take(copy.size + 1) { copy.removeBlocks() }
            nextColumn = max(nextColumn, copy.column + copy.columns)
            row.cells.append(copy)
        }
    }

    // MARK: Rows

    /// Starts a row, and ends the row before.
    ///
    /// - Parameters:
    ///   - isHeader: whether it is marked as a row of column names.
    ///   - isFoot: whether it closes the table, as sums do.
    mutating func startRow(isHeader: Bool = false, isFoot: Bool = false, _ budget: inout RepetitionBudget) {
        endRow(&budget)
        isInRow = true
        (row.isMarked, row.isFoot) = (isHeader, isFoot)
    }

    /// Marks the open row as a row of column names.
    mutating func markRow() { row.isMarked = true }

    /// Adds a block that follows the open row.
    mutating func appendBehindRow(_ block: LooseBlock) { row.followers.append(block) }

    /// Ends the row, if there is one.
    mutating func endRow(_ budget: inout RepetitionBudget) {
        guard isInRow else { return }
        endCell(&budget)
        isInRow = false
        // A row without cells is a row nevertheless for the cells that cover it.
        if !row.cells.isEmpty { placeCarried(&budget, all: true) }
        carryOn(&budget)
        let finished = row
        if !finished.cells.isEmpty { above = finished.cells }
        (row, nextColumn, aboveIndex) = (TableRowDraft(), 0, 0)
        if isSpilling {
            isSpilling = false
            output.append(contentsOf: finished.followers)
        } else if finished.ownCells == 0, finished.followers.isEmpty {
            return
        } else if writer != nil {
            writer?.write(finished, to: &output, &budget)
        } else {
            waitingSize += finished.size
            waiting.append(finished)
            if waiting.count >= Self.rowsToWait || waitingSize > Self.sizeToWait { stopWaiting(isAll: false, &budget) }
        }
    }

    /// Ends a group of rows, beyond which no cell reaches.
    mutating func endGroup(_ budget: inout RepetitionBudget) {
        endRow(&budget)
        carried.removeAll()
    }

    /// Keeps the cells that cover rows below this one.
    private mutating func carryOn(_ budget: inout RepetitionBudget) {
        defer { carriedIndex = 0 }
        guard !carried.isEmpty || row.cells.contains(where: { $0.rows > 1 }) else { return }
        // A spent budget ends all spans, and with them the work for each row.
        if budget.isSpent || !budget.take(carried.count) { return carried.removeAll() }
        carried = row.cells.isEmpty ? carried.filter { $0.rows > 1 } : row.cells.filter { $0.rows > 1 }
        for index in carried.indices { carried[index].rows -= 1 }
    }

    /// Ends the table.
    mutating func finish(_ budget: inout RepetitionBudget) {
        endRow(&budget)
        if writer == nil { stopWaiting(isAll: true, &budget) }
        writer?.finish(to: &output)
        self = TextTable(output: output)
    }

    init() {}

    private init(output: [LooseBlock]) { self.output = output }

    private mutating func stopWaiting(isAll: Bool, _ budget: inout RepetitionBudget) {
        let header = GridHeader(of: waiting, isAll: isAll)
        var writer = TableRowWriter()
        for row in waiting[..<header.rows.lowerBound] { writer.write(row, to: &output, &budget) }
        writer.setHeader(waiting[header.rows], names: header.names)
        output.append(contentsOf: waiting[header.rows].flatMap(\.followers))
        for row in waiting[header.rows.upperBound...] { writer.write(row, to: &output, &budget) }
        self.writer = writer
        waiting.removeAll()
    }

    /// Writes what there is of the open row. A layout table can hold a whole page in a cell.
    private mutating func spill(_ budget: inout RepetitionBudget) {
        row.cells.append(cell)
        writePart(&budget)
        cell.removeBlocks()
        isSpilling = true
    }

    private mutating func writePart(_ budget: inout RepetitionBudget) {
        if writer == nil { stopWaiting(isAll: false, &budget) }
        writer?.write(row, to: &output, &budget)
        row.followers.removeAll()
        row.cells.removeAll()
    }
}

/// A row of a table before it becomes text.
struct TableRowDraft {
    var cells: [TableCell] = []
    /// The cells that are not continued from above.
    var ownCells = 0
    /// Whether it is marked as a row of column names.
    var isMarked = false
    var isFoot = false
    /// Blocks that follow the row, such as its notes.
    var followers: [LooseBlock] = []

    /// The memory that it takes, roughly.
    var size: Int { cells.reduce(0) { $0 + $1.size + MemoryLayout<TableCell>.stride } }
    /// The number of columns.
    var width: Int { cells.last.map { $0.column + $0.columns } ?? 0 }
    var filled: Int { cells.count { !$0.isEmpty } }

    /// The text of each column. A cell that covers several is in the first of them.
    var texts: [[UInt8]] {
        var texts: [[UInt8]] = Array(repeating: [], count: width)
        for cell in cells where cell.column < texts.count { texts[cell.column] = cell.line }
        return texts
    }

    /// Whether it names columns: it is marked, or all its cells are. A single name beside an empty cell is a label.
    var isHeader: Bool {
        if isMarked { return true }
        guard let first = cells.first, cells.allSatisfy({ $0.isHeader || $0.isEmpty }) else { return false }
        return filled > 1 || filled == 1 && (first.isEmpty || cells.count == 1)
    }

    var isBold: Bool { filled > 0 && cells.allSatisfy { $0.isBold || $0.isEmpty } }

    /// The cell that is the whole row.
    var only: TableCell? { cells.count == 1 ? cells[0] : nil }
}
