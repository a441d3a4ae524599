import Models
import Wire

/// Copies one table from an engine to the other.
struct TableCopy {
    let table: TransferTable
    let source: Database
    let target: Database
    /// Called with what was done since the last call.
    let advance: (_ rows: Int, _ bytes: Int) throws -> Void

    /// The most rows of a statement, and the bytes after which it is sent.
    private static let mostRows = 1000
    private static let mostBytes = 4 << 20

    /// Copies all rows, in the current write of the target, and compares both sides.
    func run() throws -> TableChecksum {
        var read = TableChecksum()
        var (batch, bytes): ([[SQLValue]], Int) = ([], 0)
        let writer = try RowWriter(table, to: target)
        try each(in: source) { row in
            bytes += read.add(row)
            batch.append(row)
            guard batch.count == Self.mostRows || bytes >= Self.mostBytes else { return }
            try writer.write(batch)
            try advance(batch.count, bytes)
            (batch, bytes) = ([], 0)
        }
        try writer.write(batch)
        try advance(batch.count, bytes)
        try compare(read)
        return read
    }

    /// Reads the copy back.
    private func compare(_ read: TableChecksum) throws {
        var written = TableChecksum()
        var bytes = 0
        try each(in: target) { row in
            bytes += written.add(row)
            guard bytes >= Self.mostBytes else { return }
            try advance(0, 0)
            bytes = 0
        }
        guard written == read else {
            let rows = "\(read.rows) rows were read, \(written.rows) written"
            throw APIError(
                .conflict, "The copy of \(table.text) differs (\(rows), values compared). Nothing was moved")
        }
    }

    private func each(in database: Database, _ body: ([SQLValue]) throws -> Void) throws {
        try database.stream("SELECT \(table.columnList) \(table.rows)") { row in
            try body(try table.columns.map { try value(of: $0, in: &row) })
            return true
        }
    }

    private func value(of column: (name: StaticString, kind: TransferTable.Kind), in row: inout Row) throws -> SQLValue
    {
        switch (row.value(), column.kind) {
        case (.null, .text): return .null(.text)
        case (.null, .integer): return .null(.integer)
        case (.null, .flag): return .null(.bool)
        case (.null, .blob): return .null(.blob)
        case (.integer(let value), .integer): return .integer(value)
        case (.integer(let value), .flag): return .bool(value != 0)
        case (.bytes(let bytes), .blob): return .blob(Array(bytes))
        case (.bytes(let bytes), .text):
            guard let text = String(validating: bytes, as: UTF8.self), !bytes.contains(0) else {
                throw unusable(column.name, "text that is not Unicode, or has the character U+0000")
            }
            return .text(text)
        case (.integer, _), (.real, _), (.bytes, _): throw unusable(column.name, "a value of another type")
        }
    }

    /// SQLite stores any value in any column, and other programs may have written to it.
    private func unusable(_ column: StaticString, _ what: String) -> APIError {
        APIError(.conflict, "The column \(column) of \(table.text) has \(what). Nothing was moved")
    }
}

/// Adds rows to a table of the target.
private struct RowWriter {
    let table: TransferTable
    let target: Database
    private let statements: [Int: [SQL.Piece]]

    /// On PostgreSQL, where every statement takes a round trip, one adds up to 1,000 rows.
    private static let sizes = [1000, 512, 256, 128, 64, 32, 16, 8, 4, 2, 1]

    init(_ table: TransferTable, to target: Database) throws {
        (self.table, self.target) = (table, target)
        let head: SQL = "INSERT INTO \(table.table) (\(table.columnList)) VALUES "
        let comma: SQL = ", "
        let (open, close): (SQL, SQL) = ("(", ")")
        let values = table.columns.indices.flatMap { ($0 > 0 ? comma.pieces : []) + [.placeholder] }
        let row = open.pieces + values + close.pieces
        var sizes = [1]
        if case .postgres = target.engine { sizes = Self.sizes }
        statements = Dictionary(
            uniqueKeysWithValues: sizes.map { size in
                let more = repeatElement(comma.pieces + row, count: size - 1).joined()
                return (size, head.pieces + row + more)
            })
    }

    func write(_ rows: [[SQLValue]]) throws {
        var rest = rows[...]
        for size in statements.keys.sorted(by: >) {
            guard let pieces = statements[size] else { continue }
            while rest.count >= size {
                try target.run(SQL(pieces: pieces, values: Array(rest.prefix(size).joined())))
                rest = rest.dropFirst(size)
            }
        }
    }
}
