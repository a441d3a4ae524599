import CSQLite

/// The columns of a statement's current row.
struct SQLiteRow {
    let statement: OpaquePointer

    var count: Int32 { sqlite3_column_count(statement) }

    func isNull(at column: Int32) -> Bool { sqlite3_column_type(statement, column) == SQLITE_NULL }
    func integer(at column: Int32) -> Int64 { sqlite3_column_int64(statement, column) }
    func real(at column: Int32) -> Double { sqlite3_column_double(statement, column) }

    /// The bytes of a text or blob in SQLite's memory, valid until the next step; empty for NULL.
    func bytes(at column: Int32) -> UnsafeBufferPointer<UInt8> {
        // NB: not sqlite3_column_text, which copies the text to append a zero.
        guard let start = sqlite3_column_blob(statement, column) else {
            return UnsafeBufferPointer(start: nil, count: 0)
        }
        let count = Int(sqlite3_column_bytes(statement, column))
        return UnsafeBufferPointer(start: start.assumingMemoryBound(to: UInt8.self), count: count)
    }

    @inline(__always)
    func value(at column: Int32) -> Row.Value {
        let value = sqlite3_column_value(statement, column)
        switch sqlite3_value_type(value) {
        case SQLITE_NULL: return .null
        case SQLITE_INTEGER: return .integer(sqlite3_value_int64(value))
        case SQLITE_FLOAT: return .real(sqlite3_value_double(value))
        default:
            let start = sqlite3_value_blob(value)?.assumingMemoryBound(to: UInt8.self)
            return .bytes(UnsafeBufferPointer(start: start, count: start == nil ? 0 : Int(sqlite3_value_bytes(value))))
        }
    }
}
