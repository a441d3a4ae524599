/// The body of a document, or a text box or note, which follows the paragraph or row that it belongs to.
struct DocumentBox {
    var tables: TableStack
    /// Notes and text boxes that wait for the end of their paragraph or row.
    var asides: [LooseBlock] = []
    /// Whether all text of the open cell is bold so far.
    var isBoldCell = false

    init(budget: RepetitionBudget) { tables = TableStack(budget: budget) }

    mutating func finishParagraph() {
        if !tables.isInCell { for block in takeAsides() { tables.append(block) } }
    }

    mutating func finishRow() {
        for block in takeAsides() { tables.appendBehindRow(block) }
        tables.endRow()
    }

    /// All blocks, at the end.
    mutating func finish() -> [LooseBlock] {
        while tables.isOpen { tables.close() }
        return tables.takeBlocks() + takeAsides()
    }

    private mutating func takeAsides() -> [LooseBlock] {
        defer { asides.removeAll() }
        return asides
    }
}
