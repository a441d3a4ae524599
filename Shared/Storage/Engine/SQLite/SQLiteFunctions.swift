import CSQLite

typealias SQLiteFunction = @convention(c) (OpaquePointer?, Int32, UnsafeMutablePointer<OpaquePointer?>?) -> Void

/// SQL functions with one argument.
enum SQLiteFunctions {
    typealias Arguments = UnsafeMutablePointer<OpaquePointer?>

    /// Registers a function on a connection. Call it once.
    static func register(_ name: String, _ function: SQLiteFunction, on connection: SQLiteConnection) throws {
        let flags = SQLITE_UTF8 | SQLITE_DETERMINISTIC | SQLITE_DIRECTONLY
        let result = sqlite3_create_function(connection.handle, name, 1, flags, nil, function, nil, nil)
        guard result == SQLITE_OK else { throw connection.failure(result) }
    }

    /// Returns the transformed text of the argument.
    ///
    /// - Parameter form: returns nil if the text does not change.
    static func replaceText(
        _ context: OpaquePointer?, _ arguments: Arguments?, with form: (UnsafeBufferPointer<UInt8>) -> [UInt8]?
    ) {
        guard let value = arguments?[0] else { return sqlite3_result_null(context) }
        let text = UnsafeBufferPointer(start: sqlite3_value_text(value), count: Int(sqlite3_value_bytes(value)))
        guard let result = form(text) else { return sqlite3_result_value(context, value) }
        result.withUnsafeBytes { bytes in
            sqlite3_result_text64(
                context, bytes.baseAddress?.assumingMemoryBound(to: CChar.self), UInt64(bytes.count),
                unsafeBitCast(-1, to: sqlite3_destructor_type.self), UInt8(SQLITE_UTF8))
        }
    }

    /// The number of words in a row of the full-text index, over all columns. FTS5 stores the count of each column as a
    /// SQLite variable-length integer. https://www.sqlite.org/fts5.html#the_docsize_table
    static func sumSizes(_ context: OpaquePointer?, _ arguments: Arguments?) {
        guard let value = arguments?[0], let start = sqlite3_value_blob(value) else {
            return sqlite3_result_int64(context, 0)
        }
        let sizes = UnsafeRawBufferPointer(start: start, count: Int(sqlite3_value_bytes(value)))
        var (sum, size): (Int64, Int64) = (0, 0)
        for byte in sizes {
            size = size << 7 | Int64(byte & 0x7F)
            if byte & 0x80 == 0 { (sum, size) = (sum &+ size, 0) }
        }
        sqlite3_result_int64(context, sum)
    }
}
