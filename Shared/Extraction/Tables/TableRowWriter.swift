/// Writes the rows of a table as text: `Name: value; Name: value`.
struct TableRowWriter {
    /// A longer cell that covers several named columns is written for the first only.
    private static let longestCopy = 200
    /// A longer cell in a row of its own is text, not the label of the rows below.
    private static let longestLabel = 100
    /// The size in bytes and words beyond which a row continues in another block, so that each fits into a passage. The
    /// other block repeats the row's first cell.
    private static let longestBlock = PassageLimits.maximumSize - 200
    private static let mostWords = PassageLimits.maximumWords - 20

    /// By column.
    private var names: [[UInt8]] = []
    /// The texts of the rows that gave the names.
    private var headers: [[UInt8]] = []
    /// A header between rows waits for a row that it names.
    private var nextHeader: TableRowDraft?
    /// A label of the rows below, which was a row of its own.
    private var label: LooseBlock?
    private var isLabelUsed = false

    mutating func setHeader(_ rows: ArraySlice<TableRowDraft>, names: [[UInt8]]) {
        headers = rows.map(Self.plainText)
        self.names = names
    }

    mutating func write(_ row: TableRowDraft, to output: inout [LooseBlock], _ budget: inout RepetitionBudget) {
        defer { output.append(contentsOf: row.followers) }
        guard row.filled > 0 else { return }
        if isNextHeader(row, &output) { return }
        if let header = nextHeader { replaceNames(by: header, &output) }
        if row.cells.count == 1 || (row.filled == 1 && names.isEmpty) {
            guard let cell = row.cells.first(where: { !$0.isEmpty }) else { return }
            if names.isEmpty || cell.columns > 1 || cell.isRepeated { return writeAlone(cell, to: &output) }
        }
        if names.isEmpty, row.cells.count == 2, row.cells[0].isHeader, row.cells[0].isLine, !row.cells[1].isLine {
            return writeApart(row.cells[1], named: row.cells[0].line, to: &output)
        }
        if names.isEmpty { return writeInOrder(row, to: &output, &budget) }
        writeLine(row, to: &output, &budget)
        for index in row.cells.indices where !row.cells[index].isLine {
            let cell = row.cells[index]
            writeApart(cell, named: cell.column < names.count ? names[cell.column] : [], to: &output)
        }
    }

    /// Writes the cells from left to right. Without names, their order is all that connects them.
    private mutating func writeInOrder(
        _ row: TableRowDraft, to output: inout [LooseBlock], _ budget: inout RepetitionBudget
    ) {
        var rest = row.cells[...]
        while let first = rest.first {
            var part = row
            part.cells = Array(rest.prefix(while: \.isLine))
            if part.cells.isEmpty {
                writeApart(first, named: [], to: &output)
                rest.removeFirst()
            } else {
                writeLine(part, to: &output, &budget)
                rest.removeFirst(part.cells.count)
            }
        }
    }

    /// Ends the table.
    mutating func finish(to output: inout [LooseBlock]) {
        if let nextHeader { output.append(LooseBlock(kind: .tableRow, content: Self.plainText(nextHeader))) }
        dropLabel(&output)
    }

    // MARK: Headers and labels

    /// Whether a row names the columns of the rows below, or repeats the header, as on the next page.
    private mutating func isNextHeader(_ row: TableRowDraft, _ output: inout [LooseBlock]) -> Bool {
        guard !names.isEmpty, row.isHeader, !row.isFoot, row.filled > 1 else { return false }
        if headers.contains(Self.plainText(row)) { return true }
        if row.cells.contains(where: { $0.size > TableRow.longestName }) || GridHeader.hasValues(row) { return false }
        if let nextHeader { output.append(LooseBlock(kind: .tableRow, content: Self.plainText(nextHeader))) }
        nextHeader = row
        return true
    }

    private mutating func replaceNames(by row: TableRowDraft, _ output: inout [LooseBlock]) {
        nextHeader = nil
        dropLabel(&output)
        names = Array(repeating: [], count: row.width)
        for cell in row.cells {
            for column in cell.column..<min(cell.column + cell.columns, names.count) { names[column] = cell.line }
        }
        headers = [Self.plainText(row)]
    }

    private static func plainText(_ row: TableRowDraft) -> [UInt8] {
        Array(row.cells.lazy.filter { !$0.isEmpty }.map(\.line).joined(separator: "; ".utf8))
    }

    /// Writes a cell that is a whole row: a label of the rows below, or text.
    private mutating func writeAlone(_ cell: TableCell, to output: inout [LooseBlock]) {
        let isLabel =
            !names.isEmpty && cell.columns > 1 && (cell.isHeader || cell.isBold) && cell.isLine
            && cell.size <= Self.longestLabel
        guard isLabel else { return output.append(contentsOf: cell.blocks) }
        dropLabel(&output)
        label = LooseBlock(kind: .paragraph, content: cell.line)
        isLabelUsed = false
    }

    /// A label without rows is text.
    private mutating func dropLabel(_ output: inout [LooseBlock]) {
        if let label, !isLabelUsed { output.append(label) }
        label = nil
    }

    // MARK: Rows

    /// A value and its column's name, which may be empty.
    private typealias Pair = (name: [UInt8], value: [UInt8])

    private mutating func writeLine(
        _ row: TableRowDraft, to output: inout [LooseBlock], _ budget: inout RepetitionBudget
    ) {
        var pairs = pairs(of: row, &budget)
        guard !pairs.isEmpty else { return }
        if let label, !row.isFoot, budget.take(label.content.count) {
            pairs.insert(([], label.content), at: 0)
            isLabelUsed = true
        }
        if pairs.count == 1, pairs[0].name.isEmpty {
            return output.append(LooseBlock(kind: .paragraph, content: pairs[0].value))
        }
        var line: [UInt8] = []
        var words = 0
        // A short row cannot have too many words.
        let size = pairs.reduce(0) { $0 + $1.name.count + $1.value.count + 4 }
        let mayContinue = size > min(2 * Self.mostWords, Self.longestBlock)
        line.reserveCapacity(min(size, Self.longestBlock))
        for (index, pair) in pairs.enumerated() {
            let size = pair.name.count + pair.value.count + 4
            let pairWords = mayContinue ? TextBytes.countWords(pair.name) + TextBytes.countWords(pair.value) : 0
            if index > 0, line.count + size > Self.longestBlock || words + pairWords > Self.mostWords {
                output.append(LooseBlock(kind: .tableRow, content: line))
                (line, words) = ([], 0)
                if index > 1, pairs[0].value.count <= Self.longestCopy, budget.take(pairs[0].value.count) {
                    Self.append(pairs[0], to: &line)
                }
            }
            words += pairWords
            Self.append(pair, to: &line)
        }
        output.append(LooseBlock(kind: .tableRow, content: line))
    }

    private static func append(_ pair: Pair, to line: inout [UInt8]) {
        if !line.isEmpty {
            line.append(UInt8(ascii: ";"))
            line.append(0x20)
        }
        if !pair.name.isEmpty {
            line.append(contentsOf: pair.name)
            line.append(UInt8(ascii: ":"))
            line.append(0x20)
        }
        line.append(contentsOf: pair.value)
    }

    private func pairs(of row: TableRowDraft, _ budget: inout RepetitionBudget) -> [Pair] {
        if names.isEmpty { return labelledPairs(of: row) }
        var pairs: [Pair] = []
        pairs.reserveCapacity(row.cells.count + 1)
        for index in row.cells.indices where !row.cells[index].isEmpty && row.cells[index].isLine {
            let value = row.cells[index].line
            let columns = row.cells[index].column..<(row.cells[index].column + row.cells[index].columns)
            var count = 0
            for column in columns.clamped(to: 0..<names.count) where !names[column].isEmpty {
                // A name for several columns stands before the value once.
                if count > 0, pairs[pairs.count - 1].name == names[column] { continue }
                guard budget.take(names[column].count + (count > 0 ? value.count : 0)) else { break }
                pairs.append((names[column], value))
                count += 1
                if value.count > Self.longestCopy { break }
            }
            if count == 0 { pairs.append(([], value)) }
        }
        return pairs
    }

    /// The values of a row in a table without column names, in which the first cell may be the name of the next:
    /// `Born: 1950`.
    private func labelledPairs(of row: TableRowDraft) -> [Pair] {
        let cells = row.cells.filter { !$0.isEmpty && $0.isLine }
        let labels = cells.prefix { $0.isHeader }.count
        var pairs: [Pair] = cells.map { ([], $0.line) }
        if labels > 0, labels < cells.count, cells[labels - 1].size <= TableRow.longestName {
            var name = pairs.remove(at: labels - 1).value
            while name.last == UInt8(ascii: ":") || name.last == 0x20 { name.removeLast() }
            pairs[labels - 1].name = name
        }
        return pairs
    }

    /// Writes a cell that does not fit on a line below its row.
    private func writeApart(_ cell: TableCell, named name: [UInt8], to output: inout [LooseBlock]) {
        var blocks = cell.blocks
        guard !blocks.isEmpty else { return }
        if !name.isEmpty, blocks[0].kind == .paragraph {
            blocks[0].content = name + ": ".utf8 + blocks[0].content
        } else if !name.isEmpty {
            output.append(LooseBlock(kind: .paragraph, content: name + ":".utf8))
        }
        output.append(contentsOf: blocks)
    }
}
