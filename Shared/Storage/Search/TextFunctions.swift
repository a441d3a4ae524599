import CSQLite
import Language
import Models

/// Functions of ours that statements call: `index_form(text)`, `search_key(text)`, `address_key(text)` and
/// `index_words(sizes)`.
enum TextFunctions {
    private typealias Arguments = UnsafeMutablePointer<OpaquePointer?>

    /// Makes them known to a connection. Once is enough.
    static func register(on handle: OpaquePointer) -> Bool {
        let flags = SQLITE_UTF8 | SQLITE_DETERMINISTIC | SQLITE_DIRECTONLY
        let results = [
            sqlite3_create_function(
                handle, "index_form", 1, flags, nil, { TextFunctions.answer($0, $2, with: IndexForm.of) }, nil, nil),
            sqlite3_create_function(
                handle, "search_key", 1, flags, nil, { TextFunctions.answer($0, $2, with: SearchKey.of) }, nil, nil),
            sqlite3_create_function(
                handle, "address_key", 1, flags, nil,
                {
                    TextFunctions.answer($0, $2) {
                        Array(EmailAddress.key(of: String(decoding: $0, as: UTF8.self)).utf8)
                    }
                }, nil, nil),
            sqlite3_create_function(
                handle, "index_words", 1, flags, nil, { TextFunctions.countWords($0, $2) }, nil, nil),
        ]
        return results.allSatisfy { $0 == SQLITE_OK }
    }

    /// The words of a row of the index, of all its columns: FTS5 keeps their numbers as SQLite's variable-length
    /// integers, one behind the other. https://www.sqlite.org/fts5.html#the_docsize_table
    private static func countWords(_ context: OpaquePointer?, _ arguments: Arguments?) {
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

    /// - Parameter form: nil for text that is its own form.
    private static func answer(
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
}
