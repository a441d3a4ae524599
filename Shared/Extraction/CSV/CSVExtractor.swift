/// Reads delimited tables: RFC 4180, with `,`, `;`, tab or `|` between the cells.
///
/// Each row becomes a block, with the names of the columns. A file can hold text before its table, and more than one
/// table, with blank lines between them.
enum CSVExtractor {
    static func extract(_ bytes: [UInt8]) -> ExtractedText {
        var table = CSVTable(bytes)
        return table.read()
    }
}

private struct CSVTable {
    /// The number of records, and roughly of bytes, to find the table and its header in.
    private static let sampleRecords = 100
    private static let sampleSize = 65_536

    private var reader: CSVReader
    /// Records that have been read, but not written.
    private var pending: ArraySlice<CSVReader.Record> = []
    private var builder: TextBuilder
    /// Every row repeats the column names, so a table with long names and tiny cells could grow many times over.
    private let limit: Int
    private var names: [[UInt8]] = []
    /// The cells of the header, which some programs repeat on each page.
    private var header: [[UInt8]] = []
    /// The number of columns of the current table, including empty ones.
    private var width = 0
    private var continuation = TableContinuation()

    init(_ bytes: [UInt8]) {
        reader = CSVDialect(of: bytes).reader(of: bytes)
        builder = TextBuilder(capacity: bytes.count)
        limit = TableRow.textLimit(of: bytes.count)
    }

    mutating func read() -> ExtractedText {
        startFirstTable()
        while let record = next() {
            if record.isAfterBlank, startTable(with: record) { continue }
            add(record)
        }
        return builder.finish()
    }

    private mutating func next() -> CSVReader.Record? { pending.popFirst() ?? reader.next() }

    /// Reads ahead, up to the sample's size, or up to a blank line.
    private mutating func fill(toBlank: Bool) {
        let start = reader.index
        while pending.count < Self.sampleRecords, reader.index - start < Self.sampleSize {
            if toBlank, pending.dropFirst().last?.isAfterBlank ?? false { return }
            guard let record = reader.next() else { return }
            pending.append(record)
        }
    }

    // MARK: Tables

    /// Finds the widest block among the first records, and writes what is before its header.
    private mutating func startFirstTable() {
        fill(toBlank: false)
        let records = Array(pending)
        let blocks = Self.blocks(of: records)
        let block = Self.widest(of: blocks, records)
        var rows = records[block].map(\.cells)
        width = Self.width(of: rows)
        var start = block.lowerBound
        var found = TableHeader(in: rows, isLikely: !Self.arePairs(rows))
        // A blank line can be between the names and the rows.
        if found == nil, let before = blocks.last(where: { $0.upperBound == start }), header(of: records[before]) == nil
        {
            let more = [records[start - 1].cells] + rows
            found = TableHeader(in: more, isLikely: false)
            if found != nil {
                rows = more
                start -= 1
            }
        }
        for earlier in blocks where earlier.lowerBound < start { addEarlier(records[earlier.clamped(to: 0..<start)]) }
        pending = records[start...]
        if let found { startTable(found, rows) }
    }

    /// The header of a block that is a table and not pairs of names and values.
    private func header(of records: ArraySlice<CSVReader.Record>) -> TableHeader? {
        let rows = records.map(\.cells)
        let filled = rows.map { row in row.count { CellKind($0) != .empty } }
        let width = Self.width(of: Self.withoutEmptyColumns(rows))
        let isFull = width > 2 && filled.allSatisfy { $0 == width }
        guard let found = TableHeader(in: rows, isLikely: isFull) else { return nil }
        if width > 2 { return found }
        // Values of pairs differ in their units.
        let units = rows[found.rows.upperBound...].map { row in
            row.dropFirst().joined().filter { !TextBytes.isDigit($0) && !" .,:-+/".utf8.contains($0) }
        }
        return units.count > 1 && Set(units).count == 1 ? found : nil
    }

    /// Writes a block that is before the widest one: a smaller table, or text.
    private mutating func addEarlier(_ records: ArraySlice<CSVReader.Record>) {
        let found = header(of: records)
        for record in records.prefix(found?.rows.lowerBound ?? records.count) { addText(record) }
        guard let found else { return }
        name(found)
        for record in records.dropFirst(found.rows.upperBound) { add(record) }
        names = []
    }

    /// Writes what is before the header of the pending records, and takes the header.
    private mutating func startTable(_ found: TableHeader, _ rows: [[[UInt8]]]) {
        for _ in 0..<found.rows.lowerBound { if let record = pending.popFirst() { addText(record) } }
        for _ in found.rows { header = pending.popFirst()?.cells ?? [] }
        width = Self.width(of: rows)
        continuation = TableContinuation(header: header, rows: rows[found.rows.upperBound...])
        name(found)
    }

    private mutating func name(_ found: TableHeader) {
        names = found.names
        // What does not fit into the names must not be lost.
        if !found.longCells.isEmpty { builder.append(.tableRow, TableRow.text(of: found.longCells, headers: [])) }
    }

    /// Writes the records from one after a blank line to the header of another table, if there is one. Rows without names
    /// of their own continue the table.
    private mutating func startTable(with record: CSVReader.Record) -> Bool {
        if pending.isEmpty, let next = reader.next() { pending.append(next) }
        if pending.first?.isAfterBlank ?? true {
            // A single line between blank lines, such as a remark, or a row of a table with blank lines throughout.
            if record.cells.count < width { addText(record) } else { add(record) }
            return true
        }
        pending = [record] + pending
        fill(toBlank: true)
        let end = pending.dropFirst().firstIndex(where: \.isAfterBlank) ?? pending.endIndex
        let rows = pending[..<end].map(\.cells)
        let isSame = Self.width(of: rows) == width
        let first = rows.firstIndex { $0.count > 1 } ?? 0
        let relation = isSame && !names.isEmpty ? continuation.relation(to: rows[first...]) : .unknown
        let isOther = !isSame && self.header(of: pending[..<end]) != nil
        if let found = TableHeader(in: rows, isLikely: relation == .starts || isOther),
            rows[found.rows.lowerBound] != header
        {
            startTable(found, rows)
            return true
        }
        pending.removeFirst()
        // No names are better than those of another table.
        if relation != .continues {
            names = []
            header = []
        }
        return false
    }

    /// The runs of records without a blank line between them.
    private static func blocks(of records: [CSVReader.Record]) -> [Range<Int>] {
        var blocks: [Range<Int>] = []
        for index in records.indices {
            if index > 0, !records[index].isAfterBlank {
                blocks[blocks.count - 1] = blocks[blocks.count - 1].lowerBound..<index + 1
            } else {
                blocks.append(index..<index + 1)
            }
        }
        return blocks
    }

    /// The widest block; all records if every block is one record.
    private static func widest(of blocks: [Range<Int>], _ records: [CSVReader.Record]) -> Range<Int> {
        let widths = blocks.map { block in
            block.count > 1
                ? TableHeader.width(of: records[block].map { $0.cells.count { !$0.allSatisfy(TextBytes.isSpace) } }) : 0
        }
        guard let widest = widths.max(), widest > 1, let index = widths.firstIndex(of: widest)
        else { return 0..<records.count }
        return blocks[index]
    }

    /// The number of columns that most rows have.
    private static func width(of rows: [[[UInt8]]]) -> Int { TableHeader.width(of: rows.map(\.count)) }

    /// Whether the rows are names and values of different kinds, as in `Name,Lena` and `Age,30`.
    private static func arePairs(_ rows: [[[UInt8]]]) -> Bool {
        let rows = withoutEmptyColumns(rows)
        guard rows.count > 2, rows.allSatisfy({ $0.count == 2 }), Set(rows.map { $0[0] }).count == rows.count,
            rows.allSatisfy({ CellKind($0[0]) == .text })
        else { return false }
        let kinds = rows.map { CellKind($0[1]) }
        let texts = kinds.count { $0 == .text }
        return kinds.contains { $0 != .text && $0 != .empty } && texts * 5 < kinds.count * 4
    }

    private static func withoutEmptyColumns(_ rows: [[[UInt8]]]) -> [[[UInt8]]] {
        let columns = (0..<(rows.lazy.map(\.count).max() ?? 0)).filter { column in
            rows.contains { column < $0.count && !$0[column].allSatisfy(TextBytes.isSpace) }
        }
        return rows.map { row in columns.compactMap { $0 < row.count ? row[$0] : nil } }
    }

    // MARK: Rows

    private mutating func add(_ record: CSVReader.Record) {
        if record.cells == header { return }
        if names.isEmpty { return addText(record) }
        // A line without separators is a remark on the table.
        let isRow = record.cells.count > 1 || names.count == 1
        let isNamed = isRow && builder.count < limit
        builder.append(.tableRow, TableRow.text(of: record.cells, headers: isNamed ? names : []))
    }

    /// Writes a record without the names of the columns. Two cells are a name and its value.
    private mutating func addText(_ record: CSVReader.Record) {
        let cells = record.cells.filter { !$0.allSatisfy(TextBytes.isSpace) }
        guard cells.count == 2, CellKind(cells[0]) == .text else {
            return builder.append(.tableRow, TableRow.text(of: cells, headers: []))
        }
        let name = TextBytes.collapse(cells[0])
        let isMarked = name.last == UInt8(ascii: ":")
        builder.append(
            .tableRow,
            isMarked ? name + [0x20] + TextBytes.collapse(cells[1]) : TableRow.text(of: [cells[1]], headers: [name]))
    }
}
