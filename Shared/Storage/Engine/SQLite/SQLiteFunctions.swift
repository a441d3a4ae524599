import CSQLite

typealias SQLiteFunction = @convention(c) (OpaquePointer?, Int32, UnsafeMutablePointer<OpaquePointer?>?) -> Void

/// Functions of one argument that statements of SQLite call.
enum SQLiteFunctions {
    typealias Arguments = UnsafeMutablePointer<OpaquePointer?>

    /// Makes a function known to a connection. Once is enough.
    static func register(_ name: String, _ function: SQLiteFunction, on connection: SQLiteConnection) throws {
        let flags = SQLITE_UTF8 | SQLITE_DETERMINISTIC | SQLITE_DIRECTONLY
        let result = sqlite3_create_function(connection.handle, name, 1, flags, nil, function, nil, nil)
        guard result == SQLITE_OK else { throw connection.failure(result) }
    }

    /// Returns another form of the argument's text.
    ///
    /// - Parameter form: nil for text that is its own form.
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

    /// The words of a row of the full-text index, of all its columns: FTS5 keeps their numbers as SQLite's
    /// variable-length integers, one after the other. https://www.sqlite.org/fts5.html#the_docsize_table
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
