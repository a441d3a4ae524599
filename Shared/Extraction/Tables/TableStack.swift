/// The open tables of a document, outermost first. A table within a cell becomes part of the cell.
struct TableStack {
    /// Deeper tables are text of the cell that they are in.
    private static let deepest = 32

    private var tables: [TextTable] = []
    private var deeperTables = 0
    var budget: RepetitionBudget
    private var output: [LooseBlock] = []

    init(budget: RepetitionBudget) { self.budget = budget }

    var isOpen: Bool { !tables.isEmpty }
    /// Whether text belongs to a cell of the innermost table.
    var isInCell: Bool { tables.last?.isInCell ?? false }
    var isInRow: Bool { tables.last?.isInRow ?? false }

    /// The complete blocks that are in no table, once.
    mutating func takeBlocks() -> [LooseBlock] {
        defer { output.removeAll() }
        return output
    }

    var hasBlocks: Bool { !output.isEmpty }

    /// Adds a block to the innermost open cell; without one, to the document.
    mutating func append(_ block: LooseBlock) {
        guard let index = tables.lastIndex(where: \.isInCell) else { return output.append(block) }
        tables[index].append(block, &budget)
        if tables[index].hasBlocks { pass(from: index) }
    }

    // MARK: Tables

    /// Returns whether a table was opened.
    @discardableResult mutating func open() -> Bool {
        guard tables.count < Self.deepest else {
            deeperTables += 1
            return false
        }
        tables.append(TextTable())
        return true
    }

    /// Returns whether a table was closed.
    @discardableResult mutating func close() -> Bool {
        if deeperTables > 0 {
            deeperTables -= 1
            return false
        }
        guard let index = tables.indices.last else { return false }
        tables[index].finish(&budget)
        pass(from: index)
        tables.removeLast()
        return true
    }

    /// Passes the complete blocks of a table to the cell around it.
    private mutating func pass(from index: Int) {
        var index = index
        while tables[index].hasBlocks {
            let blocks = tables[index].takeBlocks()
            guard let outer = tables[..<index].lastIndex(where: \.isInCell) else {
                if output.isEmpty { output = blocks } else { output.append(contentsOf: blocks) }
                return
            }
            for block in blocks { tables[outer].append(block, &budget) }
            index = outer
        }
    }

    // MARK: Rows and cells of the innermost table

    /// Whether rows and cells belong to a table that is too deep.
    private var isTooDeep: Bool { deeperTables > 0 }

    mutating func startRow(isHeader: Bool = false, isFoot: Bool = false) {
        change { $0.startRow(isHeader: isHeader, isFoot: isFoot, &$1) }
    }

    mutating func markRow() { change { table, _ in table.markRow() } }
    mutating func endRow() { change { $0.endRow(&$1) } }
    mutating func endGroup() { change { $0.endGroup(&$1) } }

    /// Starts a cell; returns false if that has no meaning here.
    @discardableResult mutating func startCell(isHeader: Bool = false, columns: Int = 1, rows: Int = 1) -> Bool {
        change { $0.startCell(isHeader: isHeader, columns: columns, rows: rows, &$1) }
    }

    mutating func spanColumns(_ columns: Int) { change { table, _ in table.spanColumns(columns) } }
    mutating func skipColumns(_ columns: Int) { change { table, _ in table.skipColumns(columns) } }
    mutating func continueAbove() { change { table, _ in table.continueAbove() } }
    mutating func endCell(isBold: Bool = false) { change { $0.endCell(isBold: isBold, &$1) } }
    mutating func appendBehindRow(_ block: LooseBlock) { change { table, _ in table.appendBehindRow(block) } }

    @discardableResult private mutating func change(_ body: (inout TextTable, inout RepetitionBudget) -> Void) -> Bool {
        guard let last = tables.indices.last, !isTooDeep else { return false }
        body(&tables[last], &budget)
        if tables[last].hasBlocks { pass(from: last) }
        return true
    }
}
