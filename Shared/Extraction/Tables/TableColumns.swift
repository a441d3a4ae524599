/// What the cells of each column are below a row, from which follows whether that row has their names.
struct TableColumns {
    fileprivate struct Column {
        var counts: [(kind: CellKind, count: Int)] = [(.value, 0), (.code, 0), (.flag, 0), (.text, 0)]
        var years = 0
        var dates = 0
        var fractions = 0
        var units = 0
        var sentences = 0
        var shapes: Set<[UInt8]> = []

        var filled: Int { counts.reduce(0) { $0 + $1.count } }
        /// The kind of most cells; text if there is none.
        var kind: CellKind {
            filled == 0 ? .empty : counts.first { $0.count * 10 >= filled * 6 }?.kind ?? .text
        }
    }

    /// The number of rows to look at.
    private static let sampleRows = 30
    fileprivate static let years = 1_800...2_200

    /// The number of years between the beginning and the end of something.
    private static let longestPeriod = 30

    /// The number of columns to look at.
    private static let sampleColumns = 256

    private let rows: [[[UInt8]]]
    private let kinds: [[CellKind]]
    private let below: Range<Int>
    private var columns: [Column] = []

    init(_ rows: [[[UInt8]]], _ kinds: [[CellKind]], below header: Int) {
        (self.rows, self.kinds) = (rows, kinds)
        below = header + 1..<min(rows.count, header + 1 + Self.sampleRows)
        for row in below {
            let cells = rows[row].prefix(Self.sampleColumns)
            while columns.count < cells.count { columns.append(Column()) }
            for (column, cell) in cells.enumerated() { columns[column].add(cell, kinds[row][column]) }
        }
    }

    /// Whether a row names these columns: its cells differ from those below, or nothing speaks against it.
    ///
    /// - Parameters:
    ///   - isLikely: whether the first full row of a table of text names its columns, as it does in most files.
    ///   - mayBePairs: whether a table of two columns may just as well have labels and their values.
    func areNamed(by row: [[UInt8]], _ kinds: [CellKind], isLikely: Bool, mayBePairs: Bool) -> Bool {
        let evidence = evidence(for: row, kinds)
        if evidence > 0 {
            return !mayBePairs || columns.count != 2 || evidence > 1 || (0..<2).contains(where: isUniform)
        }
        return isLikely && evidence == 0 && canBeNamed(by: row, kinds)
    }

    /// Whether a column has values of one unit, and nothing else.
    private func isUniform(_ column: Int) -> Bool {
        let filled = below.filter { column < rows[$0].count && kinds[$0][column] != .empty }
        return filled.count > 1 && filled.allSatisfy { kinds[$0][column] == .value }
            && Set(filled.map { CellKind.unit(of: rows[$0][column]) }).count == 1
    }

    /// Whether a row above is like these: most of its cells in columns without text are of the columns' kinds.
    func resemble(_ kinds: [CellKind]) -> Bool {
        let telling = columns.indices.filter { columns[$0].kind != .text && columns[$0].kind != .empty }
        let alike = telling.count { $0 < kinds.count && kinds[$0] == columns[$0].kind && columns[$0].filled > 0 }
        let isValue = telling.contains { $0 < kinds.count && kinds[$0] == .value }
        return alike * 2 > telling.count && isValue && telling.count > 0
    }

    /// Whether cells of a row follow each other as names do, and those of the rows below do not.
    private func areRunNames(_ numbered: [Int], in row: [[UInt8]], areFlags: Bool) -> Bool {
        func cells(of row: [[UInt8]]) -> [[UInt8]] { numbered.map { $0 < row.count ? row[$0] : [] } }
        guard let run = NumberRun(cells(of: row)) else { return false }
        let values = below.flatMap { cells(of: rows[$0]) }.filter { CellKind($0) == .value }
        let runs = below.compactMap { NumberRun(cells(of: rows[$0])) }.filter { $0.scale == run.scale }
        switch run.scale {
        case .years where numbered.count == 2:
            // Two years can be the beginning and the end of something.
            return abs(run.step) == 1 && !runs.contains { abs($0.step) <= Self.longestPeriod }
        case .years: return runs.isEmpty
        case .hours:
            // Hours above words can be those of a shop, and the next shop is closed.
            let areMostlyValues = values.count * 2 >= below.count * numbered.count
            let isRegular = numbered.count > 2 && run.step != 0
            return values.count { NumberRun.minutes($0) != nil } * 5 <= values.count
                && (areFlags || areMostlyValues || isRegular)
        case .numbers:
            let isCount = run.first == 1 && run.step == 1 && numbered.count > 2
            // Marks and ranks are small numbers, too.
            let small = values.count { $0.wholeNumber.map { $0 <= max(10, numbered.count) } ?? false }
            return isCount && runs.isEmpty && small * 2 <= values.count
        }
    }

    /// How many cells of a row differ from those below as a name does from values, minus those that are like values.
    func evidence(for row: [[UInt8]], _ kinds: [CellKind]) -> Int {
        let areNumbersNames = areNumbersNames(row, kinds)
        var evidence = areNumbersNames ? 1 : 0
        for (column, kind) in kinds.enumerated() where column < columns.count {
            switch (kind, columns[column].kind) {
            case (_, .empty): continue
            // The column of the rows' numbers or names often has no name itself.
            case (.empty, _): evidence += column == 0 && columns[0].filled == below.count ? 1 : 0
            case (.text, .value), (.text, .code), (.text, .flag), (.code, .value), (.code, .flag): evidence += 1
            case (.value, _): evidence -= areNumbersNames ? 0 : 2
            case (.flag, .flag): evidence -= 2
            case (.code, .code): evidence -= columns[column].shapes.contains(Self.shape(of: row[column])) ? 2 : 0
            default: continue
            }
        }
        return evidence
    }

    /// Whether the numbers of a row are names: years, dates or quantities over something else, or `1,2,3` beside an empty
    /// cell or above fractions.
    private func areNumbersNames(_ row: [[UInt8]], _ kinds: [CellKind]) -> Bool {
        let numbered = kinds.indices.filter { kinds[$0] == .value }
        guard !numbered.isEmpty, numbered.allSatisfy({ $0 < columns.count && columns[$0].kind != .empty })
        else { return false }
        let areFlags = numbered.allSatisfy { columns[$0].kind == .flag }
        let isSure = numbered.count > 1 || below.count > (areFlags ? 1 : 2)
        if numbered.allSatisfy({ Self.isDate(row[$0]) }) {
            return isSure && numbered.allSatisfy { columns[$0].dates * 5 <= columns[$0].filled }
        }
        if numbered.count > 1, numbered.allSatisfy({ Self.hasUnit(row[$0]) }) {
            return numbered.allSatisfy { columns[$0].units * 5 <= columns[$0].filled }
        }
        let numbers = numbered.compactMap { row[$0].wholeNumber }
        if isSure, numbers.count == numbered.count, numbers.allSatisfy(Self.years.contains),
            numbered.allSatisfy({ columns[$0].years * 5 <= columns[$0].filled })
        {
            return true
        }
        let steps = Set(zip(numbers, numbers.dropFirst()).map { $1 - $0 })
        if numbers.count == numbered.count, steps.count <= 1, !steps.contains(0),
            numbers.count > 2 || kinds.first == .empty && numbers.count > 1,
            kinds.first == .empty || numbered.allSatisfy({ columns[$0].fractions * 2 > columns[$0].filled })
        {
            return true
        }
        return kinds.first != .value && areRunNames(numbered, in: row, areFlags: areFlags)
    }

    /// Whether a row with no evidence for or against it can name the columns of a table of text: it has no gap but one,
    /// and its cells neither occur below nor are sentences as those below are.
    private func canBeNamed(by row: [[UInt8]], _ kinds: [CellKind]) -> Bool {
        kinds.indices.count { kinds[$0] == .empty && $0 < columns.count && columns[$0].filled > 0 } <= 1
            && !kinds.contains(.value) && !kinds.contains(.flag)
            && row.indices.allSatisfy { column in
                guard column < columns.count, kinds[column] != .empty else { return true }
                let isSentence = Self.isSentence(row[column]) && columns[column].sentences * 2 > columns[column].filled
                return !isSentence && !below.contains { column < rows[$0].count && rows[$0][column] == row[column] }
            }
    }

    /// Whether a value can be a name because it is a year or a date.
    static func isPeriod(_ cell: [UInt8]) -> Bool {
        isDate(cell) || cell.wholeNumber.map(years.contains) ?? false
    }

    fileprivate static func isSentence(_ cell: [UInt8]) -> Bool {
        let range = TextBytes.trim(cell, 0..<cell.count)
        guard let last = cell[range].last, ".!?".utf8.contains(last) else { return false }
        return TextBytes.countWords(cell[range]) > 2
    }

    /// Whether a number has a unit, a currency or a percent sign.
    fileprivate static func hasUnit(_ cell: [UInt8]) -> Bool {
        cell.contains { $0 >= 0x80 || $0 == UInt8(ascii: "%") || $0 == UInt8(ascii: "$") || TextBytes.isLetter($0) }
    }

    /// A year, and a month or more: `2023-01`, `1/2023`, `31.12.2023`.
    fileprivate static func isDate(_ cell: [UInt8]) -> Bool {
        let parts = cell[TextBytes.trim(cell, 0..<cell.count)].split { !TextBytes.isDigit($0) }
        guard (2...3).contains(parts.count),
            parts.contains(where: { Array($0).wholeNumber.map(years.contains) ?? false })
        else { return false }
        return parts.count == 3 || cell.contains(UInt8(ascii: "-")) || cell.contains(UInt8(ascii: "/"))
    }

    /// The form of a code: `SKU-4711` is `A-9`.
    fileprivate static func shape(of cell: [UInt8]) -> [UInt8] {
        var shape: [UInt8] = []
        for byte in cell {
            let sign: UInt8 = TextBytes.isDigit(byte) ? 0x39 : TextBytes.isLetter(byte) || byte >= 0x80 ? 0x41 : byte
            if shape.last != sign { shape.append(sign) }
        }
        return shape
    }
}

extension TableColumns.Column {
    fileprivate mutating func add(_ cell: [UInt8], _ kind: CellKind) {
        guard let index = counts.firstIndex(where: { $0.kind == kind }) else { return }
        counts[index].count += 1
        switch kind {
        case .value:
            if let number = cell.wholeNumber, TableColumns.years.contains(number) { years += 1 }
            if TableColumns.isDate(cell) { dates += 1 }
            if TableColumns.hasUnit(cell) { units += 1 }
            if cell.contains(where: { $0 == UInt8(ascii: ".") || $0 == UInt8(ascii: ",") }) { fractions += 1 }
        case .code: shapes.insert(TableColumns.shape(of: cell))
        default: if TableColumns.isSentence(cell) { sentences += 1 }
        }
    }
}
