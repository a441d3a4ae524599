import CSQLite
import Wire

/// The current row of a statement; columns are read in the order in which they were selected.
struct Row {
    private let statement: OpaquePointer
    private var column: Int32 = 0

    init(statement: OpaquePointer) { self.statement = statement }

    mutating func next<T: SQLReadable>(_: T.Type = T.self) -> T { T(from: &self) }

    private mutating func advance() -> Int32 {
        defer { column += 1 }
        return column
    }

    mutating func integer() -> Int64 { sqlite3_column_int64(statement, advance()) }
    mutating func real() -> Double { sqlite3_column_double(statement, advance()) }

    mutating func text() -> String { bytes { String(decoding: $0, as: UTF8.self) } }
    mutating func blob() -> [UInt8] { bytes { Array($0) } }

    /// The bytes of a text or a blob where SQLite has them; empty for NULL.
    mutating func bytes<T>(_ body: (UnsafeBufferPointer<UInt8>) -> T) -> T {
        let index = advance()
        // NB: not sqlite3_column_text, which copies the text to put a zero behind it.
        guard let start = sqlite3_column_blob(statement, index) else {
            return body(UnsafeBufferPointer(start: nil, count: 0))
        }
        let count = Int(sqlite3_column_bytes(statement, index))
        return body(UnsafeBufferPointer(start: start.assumingMemoryBound(to: UInt8.self), count: count))
    }

    /// The value of the next column, as SQLite keeps it.
    mutating func nextValue() -> OpaquePointer? { sqlite3_column_value(statement, advance()) }

    /// Passes over the next column when it is NULL.
    mutating func skipNull() -> Bool {
        guard sqlite3_column_type(statement, column) == SQLITE_NULL else { return false }
        column += 1
        return true
    }
}
