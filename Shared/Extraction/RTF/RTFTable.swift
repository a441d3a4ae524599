/// A table of an RTF document. Its cells say where they end on the page, so the columns of the grid follow from the edges of
/// all rows.
struct RTFTable {
    /// A cell as the row describes it.
    struct Shape {
        /// The position of its right edge, in twentieths of a point.
        var right = 0
        /// Whether it belongs to the cell before it.
        var joinsLeft = false
        /// Whether it continues the cell above it.
        var continuesAbove = false
    }

    struct RowShape {
        var cells: [Shape] = []
        var left = 0
        var isHeader = false
        /// What is said about the next cell.
        var next = Shape()

        mutating func endCell(right: Int) {
            next.right = right
            if cells.count < RTFTable.mostColumns { cells.append(next) }
            next = Shape()
        }
    }

    private struct Cell {
        var blocks: [LooseBlock]
        let isBold: Bool
    }

    /// More than Word allows.
    private static let mostColumns = 1_000
    /// The number of cells and their blocks after which rows no longer wait for the edges of others.
    private static let cellsToWait = 20_000
    private static let mostBlocks = 1_000
    /// Edges that differ by less are the same.
    private static let tolerance = 20

    private var row: [Cell] = []
    private var asides: [LooseBlock] = []
    private var waiting: [(shape: RowShape, cells: [Cell], asides: [LooseBlock])] = []
    private var waitingCells = 0
    private var edges: [Int]?
    /// Nil until rows are written: a document can open many tables that have none.
    private var stack: TableStack?
    private var cell = Cell(blocks: [], isBold: true)

    /// Adds a block to the open cell. A cell that never ends becomes one long block.
    mutating func append(_ block: LooseBlock) {
        guard let last = cell.blocks.indices.last, last >= Self.mostBlocks else { return cell.blocks.append(block) }
        cell.blocks[last].content.append(0x20)
        cell.blocks[last].content.append(contentsOf: block.content)
    }

    mutating func endCell(isBold: Bool, followedBy asides: [LooseBlock], _ budget: inout RepetitionBudget) {
        row.append(Cell(blocks: cell.blocks, isBold: isBold))
        cell.blocks.removeAll()
        self.asides += asides
        if row.count >= Self.mostColumns { endRow(of: RowShape(), &budget) }
    }

    mutating func endRow(of shape: RowShape, _ budget: inout RepetitionBudget) {
        if !cell.blocks.isEmpty { endCell(isBold: false, followedBy: [], &budget) }
        guard !row.isEmpty else { return }
        waiting.append((shape, row, asides))
        waitingCells += row.reduce(asides.count) { $0 + 1 + $1.blocks.count }
        (row, asides) = ([], [])
        if waitingCells > Self.cellsToWait { write(&budget) }
    }

    /// Ends the table and returns its blocks. Text that no cell ends is no table.
    mutating func finish(_ budget: inout RepetitionBudget) -> [LooseBlock] {
        if stack == nil, waiting.isEmpty, row.isEmpty { return cell.blocks }
        endRow(of: RowShape(), &budget)
        write(&budget)
        guard var stack else { return [] }
        stack.budget = budget
        stack.close()
        budget = stack.budget
        return stack.takeBlocks()
    }

    /// The blocks that are complete, once.
    mutating func takeBlocks() -> [LooseBlock] { stack?.takeBlocks() ?? [] }

    private mutating func write(_ budget: inout RepetitionBudget) {
        var stack = self.stack ?? Self.newStack
        self.stack = nil
        stack.budget = budget
        defer {
            budget = stack.budget
            self.stack = stack
        }
        let edges = edges ?? commonEdges()
        self.edges = edges
        for (shape, cells, asides) in waiting {
            stack.startRow(isHeader: shape.isHeader)
            var column = Self.column(at: shape.left, edges)
            for (index, cell) in cells.enumerated() {
                let form = index < shape.cells.count ? shape.cells[index] : nil
                if form?.joinsLeft ?? false, index > 0 {
                    column = max(column, Self.column(at: form?.right ?? 0, edges))
                    continue
                }
                // The cells that belong to this one end where the last of them does.
                var right = form?.right
                for next in shape.cells.dropFirst(index + 1).prefix(while: \.joinsLeft) { right = next.right }
                let end = max(column + 1, right.map { Self.column(at: $0, edges) } ?? 0)
                stack.startCell(columns: end - column)
                if form?.continuesAbove ?? false { stack.continueAbove() }
                for block in cell.blocks { stack.append(block) }
                stack.endCell(isBold: cell.isBold)
                column = end
            }
            for block in asides { stack.appendBehindRow(block) }
            stack.endRow()
        }
        (waiting, waitingCells) = ([], 0)
    }

    private static var newStack: TableStack {
        var stack = TableStack(budget: RepetitionBudget(sourceSize: 0))
        stack.open()
        return stack
    }

    /// The edges of all rows, from left to right.
    private func commonEdges() -> [Int] {
        var all: Set<Int> = []
        for row in waiting { all.formUnion([row.shape.left] + row.shape.cells.map(\.right)) }
        var edges: [Int] = []
        for edge in all.sorted() where edges.last.map({ edge - $0 >= Self.tolerance }) ?? true { edges.append(edge) }
        return edges
    }

    /// The number of edges left of a position.
    private static func column(at position: Int, _ edges: [Int]) -> Int {
        var (low, high) = (0, edges.count)
        while low < high {
            let middle = (low + high) / 2
            if edges[middle] + tolerance <= position { low = middle + 1 } else { high = middle }
        }
        return low
    }
}
