/// Finds the tables whose cells `pdftotext` took for blocks of their own: rows of short lines of the same height, below
/// one another.
struct PDFTables {
    struct Table {
        let page: Int
        /// The lines of each cell, from left to right.
        var rows: [[[Int]]]
        var top: Float
        var bottom: Float
        var left: Float
        var right: Float

        var lines: [Int] { rows.joined().flatMap { $0 } }
    }

    private(set) var all: [Table] = []
    /// The index of the table of each line that is in one.
    private(set) var ofLines: [Int: Int] = [:]
    /// The indices of the tables of each page.
    private(set) var ofPages: [Range<Int>] = []

    private static let mostColumns = 12
    /// More of a page stay lines.
    private static let mostOfPage = 100
    /// A line of more words is prose.
    private static let mostWords = 5
    /// A cell that continues, or stands alone in its row, may have more.
    private static let mostWordsAlone = 8
    /// Rows are so many times their size apart at most.
    private static let widestGap: Float = 4
    /// Edges within so many points are at the same place.
    private static let tolerance: Float = 3

    private let layout: PDFLayout

    /// - Parameter omitted: the blocks that are no text.
    init(in layout: PDFLayout, _ marks: PDFMarks, without omitted: Set<Int>) {
        self.layout = layout
        for (page, blocks) in layout.pages.enumerated() {
            let first = all.count
            defer { ofPages.append(first..<all.count) }
            guard blocks.count > 1 else { continue }
            var lines: [Int] = []
            for block in blocks where !omitted.contains(block) {
                lines += layout.blocks[block].lines.filter { line in
                    let box = layout.lines[line]
                    return !box.isTurned && !box.words.isEmpty && box.size > 0 && !marks.isMark(line)
                        && marks.ofLines[line] == nil
                }
            }
            findTables(in: rows(of: lines), page)
        }
    }

    /// The lines in rows of the same height, from top to bottom, and from left to right in each.
    private func rows(of lines: [Int]) -> [[Int]] {
        var rows: [[Int]] = []
        var middle: Float = 0
        for line in lines.sorted(by: { self.middle($0) < self.middle($1) }) {
            if !rows.isEmpty, self.middle(line) - middle < 0.25 * layout.lines[line].size {
                rows[rows.count - 1].append(line)
            } else {
                rows.append([line])
                middle = self.middle(line)
            }
        }
        return rows.map { $0.sorted { layout.lines[$0].left < layout.lines[$1].left } }
    }

    private func middle(_ line: Int) -> Float { (layout.lines[line].top + layout.lines[line].bottom) / 2 }

    // MARK: Runs of rows

    private mutating func findTables(in rows: [[Int]], _ page: Int) {
        var run: [[[Int]]] = []
        // Rows of one cell, which belong to the table if it goes on.
        var pending: [[[Int]]] = []
        var above: [Int] = []
        func add(_ row: [Int]) {
            run += pending
            run.append(row.map { [$0] })
            pending = []
            above = row
        }
        for row in rows {
            if isRow(row) {
                if !run.isEmpty,
                    !isBelow(row, pending.last?.first ?? above, within: Self.widestGap)
                        || !isAligned(row, with: above)
                {
                    finish(&run, page)
                    pending = []
                }
                add(row)
            } else if !run.isEmpty, row.count == 1, layout.lines[row[0]].words.count <= Self.mostWordsAlone,
                let column = above.firstIndex(where: { isAligned(row[0], $0) })
            {
                if pending.isEmpty, isLowercase(row[0]), let cell = run.last?[column],
                    isBelow(row, cell.suffix(1), within: 1.6)
                {
                    run[run.count - 1][column].append(row[0])
                } else if isBelow(row, pending.last?.first ?? above, within: Self.widestGap), pending.count < 3 {
                    pending.append([row])
                } else {
                    finish(&run, page)
                    pending = []
                }
            } else {
                finish(&run, page)
                pending = []
            }
        }
        finish(&run, page)
    }

    /// Whether lines of the same height are cells beside one another.
    private func isRow(_ row: [Int]) -> Bool {
        guard (2...Self.mostColumns).contains(row.count) else { return false }
        let boxes = row.map { layout.lines[$0] }
        return boxes.allSatisfy { $0.words.count <= Self.mostWords && abs($0.size - boxes[0].size) < 0.2 * $0.size }
            && zip(boxes, boxes.dropFirst()).allSatisfy { $1.left - $0.right > 0.5 * $0.size }
            && !row.contains(where: isItem)
    }

    private func isItem(_ line: Int) -> Bool {
        let text = layout.text(of: layout.lines[line])
        return ListMarker(in: layout.bytes, at: text.startIndex..<min(text.endIndex + 1, layout.bytes.count)) != nil
    }

    private func isBelow(_ row: [Int], _ above: some Collection<Int>, within gap: Float) -> Bool {
        guard let last = above.first else { return false }
        return middle(row[0]) - middle(last) < gap * layout.lines[last].size
    }

    /// Whether most cells are below cells of the row above.
    private func isAligned(_ row: [Int], with above: [Int]) -> Bool {
        let count = row.count { cell in above.contains { isAligned(cell, $0) } }
        return count > 1 && count * 2 > row.count
    }

    private func isAligned(_ first: Int, _ second: Int) -> Bool {
        let (first, second) = (layout.lines[first], layout.lines[second])
        return abs(first.left - second.left) < Self.tolerance || abs(first.right - second.right) < Self.tolerance
            || abs(first.left + first.right - second.left - second.right) < 2 * Self.tolerance
    }

    private mutating func finish(_ run: inout [[[Int]]], _ page: Int) {
        defer { run = [] }
        guard isTable(run), all.count - (ofPages.last?.upperBound ?? 0) < Self.mostOfPage
        else { return }
        let boxes = run.joined().joined().map { layout.lines[$0] }
        let table = Table(
            page: page, rows: run, top: boxes.map(\.top).min() ?? 0, bottom: boxes.map(\.bottom).max() ?? 0,
            left: boxes.map(\.left).min() ?? 0, right: boxes.map(\.right).max() ?? 0)
        for line in table.lines { ofLines[line] = all.count }
        all.append(table)
    }

    // MARK: Columns

    /// Whether rows are those of a table, and not lines of columns of text: one column is of values, or none is prose. Two
    /// columns of words can also be two addresses, whose lines are close.
    private func isTable(_ rows: [[[Int]]]) -> Bool {
        let full = rows.filter { $0.count > 1 }
        guard full.count > 1, let width = full.map(\.count).max() else { return false }
        var areApart = zip(full, full.dropFirst()).allSatisfy {
            middle($1[0][0]) - middle($0[0][0]) > 1.45 * layout.lines[$0[0][0]].size
        }
        for column in 0..<width {
            let cells = full.compactMap { $0.count > column ? $0[column][0] : nil }
            let body = full.count > 2 ? full.dropFirst().compactMap { $0.count > column ? $0[column][0] : nil } : cells
            if body.count(where: isValue) * 2 > body.count { return true }
            if cells.count(where: isLabelled) * 2 > cells.count { return false }
            if cells.count(where: isLowercase) * 3 > cells.count { return false }
        }
        for row in full {
            for (cell, next) in zip(row, row.dropFirst()) {
                let (cell, next) = (layout.lines[cell[0]], layout.lines[next[0]])
                areApart = areApart && next.left - cell.right > 1.5 * cell.size
            }
        }
        let words = full.joined().reduce(0) { $0 + layout.lines[$1[0]].words.count }
        return full.count > 2 && (width > 2 || areApart) && words <= 3 * full.reduce(0) { $0 + $1.count }
    }

    /// "Date: 3 May" is a line of a letter's head.
    private func isLabelled(_ line: Int) -> Bool {
        layout.text(of: layout.lines[line]).split(separator: 0x20).dropLast().contains { $0.last == UInt8(ascii: ":") }
    }

    /// A number with its unit, a date, or a code.
    private func isValue(_ line: Int) -> Bool {
        let text = layout.text(of: layout.lines[line])
        let words = text.split(separator: 0x20)
        let numbers = words.count { $0.contains(where: TextBytes.isDigit) }
        guard numbers > 0, !isLabelled(line) else { return false }
        return words.count <= 2 || words.count == 3 && numbers > 1
    }

    private func isLowercase(_ line: Int) -> Bool {
        let text = layout.text(of: layout.lines[line])
        guard let first = text.first else { return false }
        if first < 0x80 { return TextBytes.isLowercase(first) }
        return String(decoding: text.prefix(4), as: UTF8.self).unicodeScalars.first?.properties.isLowercase ?? false
    }

    /// The first column of each cell of a table's rows. Cells of a column overlap; if the columns are not clear, they are
    /// counted.
    private func columns(of table: Table) -> [[Int]] {
        let boxes = table.rows.map { $0.map { cell in cell.map { layout.lines[$0] } } }
        let lefts = boxes.map { $0.map { cell in cell.reduce(Float.infinity) { min($0, $1.left) } } }
        let rights = boxes.map { $0.map { cell in cell.reduce(-Float.infinity) { max($0, $1.right) } } }
        var starts: [Float] = []
        var end = -Float.infinity
        for (left, right) in zip(lefts.joined(), rights.joined()).sorted(by: { $0.0 < $1.0 }) {
            if left > end { starts.append(left) }
            end = max(end, right)
        }
        // Columns that wander would be many.
        guard starts.count <= Self.mostColumns else { return lefts.map { Array($0.indices) } }
        let columns = lefts.map { row in row.map { left in max(0, starts.count { $0 <= left } - 1) } }
        let isClear = columns.allSatisfy { zip($0, $0.dropFirst()).allSatisfy { $0 < $1 } }
        return isClear ? columns : columns.map { Array($0.indices) }
    }

    /// The rows of a table with the names of their columns.
    func blocks(of index: Int, _ style: PDFStyle, _ budget: inout RepetitionBudget) -> [LooseBlock] {
        var table = TextTable()
        for (row, columns) in zip(all[index].rows, columns(of: all[index])) {
            table.startRow(&budget)
            var next = 0
            for (cell, column) in zip(row, columns) {
                table.skipColumns(column - next)
                table.startCell(&budget)
                let lines = cell.map { layout.lines[$0] }
                let content = lines.map { layout.text(of: $0) }.joined(separator: [0x20])
                table.append(LooseBlock(kind: .paragraph, content: Array(content)), &budget)
                table.endCell(isBold: style.isBold(lines[...]), &budget)
                next = column + 1
            }
        }
        table.finish(&budget)
        return table.takeBlocks()
    }
}
