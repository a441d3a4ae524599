/// The row that names the columns of a table: its cells are of another kind than those below it.
struct TableHeader {
    /// The rows with the names: one, or two if names are divided into groups or have units.
    private(set) var rows: Range<Int>
    /// Each on one line.
    private(set) var names: [[UInt8]]
    /// Cells that are too long for a name.
    private(set) var longCells: [[UInt8]] = []

    /// The number of rows among which the header is.
    private static let maximumCandidates = 40
    /// The length of a unit in bytes.
    private static let longestUnit = 12

    /// - Parameters:
    ///   - rows: the first rows of a table, and rows before it.
    ///   - isLikely: whether the first full row of a table of text names the columns, as it does in most files.
    init?(in rows: [[[UInt8]]], isLikely: Bool) {
        let kinds = rows.map { $0.map(CellKind.init) }
        let filled = kinds.map { row in row.count { $0 != .empty } }
        let width = Self.width(of: filled)
        guard width > 1, rows.count > 1 else { return nil }
        var evidences: [Int] = []
        var best: Int?
        for row in 0..<min(rows.count - 1, Self.maximumCandidates) {
            evidences.append(0)
            guard filled[row] * 2 >= width, filled[row] > 1 else { continue }
            let columns = TableColumns(rows, kinds, below: row)
            evidences[row] = columns.evidence(for: rows[row], kinds[row])
            if evidences[row] < 0, columns.resemble(kinds[row]) { break }
            guard evidences[row] > 0 else { continue }
            // A preamble and the first row of values can differ from the other values, too. The names differ the most.
            // Between equals, the row next to the values wins, but not for a single word among values.
            if let known = best, (evidences[row], filled[row]) < (evidences[known], filled[known]) { continue }
            if let known = best, evidences[row] == evidences[known], filled[row] == filled[known], evidences[row] < 2 {
                continue
            }
            best = row
        }
        if best == nil, isLikely { best = Self.likely(rows, kinds, filled, width: width) }
        guard var row = best else { return nil }
        let hasUnits =
            row > 0 && evidences.count > row && evidences[row - 1] > 0 && Self.areUnits(rows[row], kinds[row])
        if hasUnits { row -= 1 }
        // The names of groups differ from the numbers below like those of the columns.
        if kinds[row].first == .empty, row + 1 < evidences.count, evidences[row + 1] > 0 { row += 1 }
        self.rows = row..<row + 1
        names = []
        for cell in rows[row] { names.append(name(of: cell)) }
        addGroups(rows, kinds)
        addUnits(rows, kinds)
    }

    /// The number of filled cells that at least some rows have: a single longer row is an accident.
    static func width(of filled: [Int]) -> Int {
        let sorted = filled.sorted(by: >)
        return sorted.isEmpty ? 0 : sorted[min(sorted.count - 1, max(1, sorted.count / 10))]
    }

    /// The first full row, if it can name the columns; one of its cells can be empty.
    private static func likely(
        _ rows: [[[UInt8]]], _ kinds: [[CellKind]], _ filled: [Int], width: Int
    ) -> Int? {
        guard let row = filled.firstIndex(where: { $0 >= max(2, width - 1) }), row + 1 < rows.count else { return nil }
        let columns = TableColumns(rows, kinds, below: row)
        return columns.areNamed(by: rows[row], kinds[row], isLikely: true, mayBePairs: false) ? row : nil
    }

    /// A cell as a name, or part of one. What does not fit is kept in `longCells`: every row repeats the names, and every
    /// column of a group its name.
    private mutating func name(of cell: [UInt8]) -> [UInt8] {
        let text = TextBytes.collapse(cell)
        guard text.count > TableRow.longestName else { return text }
        longCells.append(text)
        return Array(TextBytes.prefix(text, upTo: TableRow.longestName))
    }

    /// Adds the names of groups of columns in the row above, as in `,2019,,2020,`.
    private mutating func addGroups(_ all: [[[UInt8]]], _ kinds: [[CellKind]]) {
        let row = rows.lowerBound - 1
        guard row >= 0, kinds[row].first == .empty, kinds[row].count <= names.count,
            kinds[row].count(where: { $0 != .empty }) > 1
        else { return }
        var group: [UInt8] = []
        for column in names.indices.dropFirst() {
            if column < all[row].count, kinds[row][column] != .empty { group = name(of: all[row][column]) }
            names[column] = TextBytes.collapse(group + [0x20] + names[column])
        }
        rows = row..<rows.upperBound
    }

    /// Adds the units in the row below, as in `[s],[°C],`.
    private mutating func addUnits(_ all: [[[UInt8]]], _ kinds: [[CellKind]]) {
        let row = rows.upperBound
        guard row + 1 < all.count, all[row].count <= names.count, Self.areUnits(all[row], kinds[row]) else { return }
        for column in all[row].indices where kinds[row][column] == .text {
            names[column] = TextBytes.collapse(names[column] + [0x20] + all[row][column])
        }
        rows = rows.lowerBound..<row + 1
    }

    /// Whether a row has two units or more, and nothing else.
    private static func areUnits(_ row: [[UInt8]], _ kinds: [CellKind]) -> Bool {
        kinds.count(where: { $0 == .text }) > 1
            && zip(row, kinds).allSatisfy { $1 == .empty || $1 == .text && isUnit(TextBytes.collapse($0)) }
    }

    private static func isUnit(_ cell: [UInt8]) -> Bool {
        guard cell.count <= longestUnit, let first = cell.first else { return false }
        if first == UInt8(ascii: "[") || first == UInt8(ascii: "(") { return true }
        return !cell.allSatisfy(TextBytes.isLetter)
            ? cell.count <= 6 : units.contains(String(decoding: cell.map(TextBytes.lowercase), as: UTF8.self))
    }

    private static let units: Set<String> = [
        "s", "ms", "min", "h", "d", "m", "mm", "cm", "km", "nm", "um", "g", "mg", "kg", "t", "l", "ml", "v", "mv", "kv",
        "a", "ma", "w", "kw", "mw", "kwh", "hz", "khz", "mhz", "ghz", "pa", "hpa", "kpa", "mpa", "bar", "mbar", "psi",
        "n", "kn", "j", "kj", "k", "c", "f", "mol", "mmol", "eur", "usd", "gbp", "chf", "pcs", "rpm", "db", "ppm",
        "ppb",
        "deg", "rad", "lx", "ohm", "kb", "mb", "gb", "in", "ft", "lb", "oz",
    ]
}
