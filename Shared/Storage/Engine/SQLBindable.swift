import Models
import Wire

/// A type that can be bound to a statement.
protocol SQLBindable: SendableMetatype {
    var sqlValue: SQLValue { get }
    /// The type of its values, also where there is none.
    static var sqlType: SQLType { get }
}
/// A type that can be read from a column. NULL reads as empty, zero or false, unless the type is optional.
protocol SQLReadable: SendableMetatype {
    init(from row: inout Row)
    /// Its form in JSON.
    static var encodedForm: EncodedForm { get }
}

extension SQLReadable {
    static var encodedForm: EncodedForm { .plain }
}

extension String: SQLBindable, SQLReadable {
    static var sqlType: SQLType { .text }
    var sqlValue: SQLValue { .text(self) }
    init(from row: inout Row) { self = row.text() }
}
extension Bool: SQLBindable, SQLReadable {
    static var sqlType: SQLType { .bool }
    var sqlValue: SQLValue { .bool(self) }
    init(from row: inout Row) { self = row.bool() }
    static var encodedForm: EncodedForm { .flag }
}
extension Int: SQLBindable, SQLReadable {
    static var sqlType: SQLType { .integer }
    var sqlValue: SQLValue { .integer(Int64(self)) }
    init(from row: inout Row) { self = Int(row.integer()) }
}
extension Int64: SQLBindable, SQLReadable {
    static var sqlType: SQLType { .integer }
    var sqlValue: SQLValue { .integer(self) }
    init(from row: inout Row) { self = row.integer() }
}
extension Double: SQLBindable, SQLReadable {
    static var sqlType: SQLType { .real }
    var sqlValue: SQLValue { .real(self) }
    init(from row: inout Row) { self = row.real() }
}
extension Array: SQLBindable, SQLReadable where Element == UInt8 {
    static var sqlType: SQLType { .blob }
    var sqlValue: SQLValue { .blob(self) }
    init(from row: inout Row) { self = row.blob() }
}
extension Timestamp: SQLBindable, SQLReadable {
    static var sqlType: SQLType { .integer }
    var sqlValue: SQLValue { .integer(milliseconds) }
    init(from row: inout Row) { self.init(milliseconds: row.integer()) }
    static var encodedForm: EncodedForm { .time }
}
extension RawJSON: SQLBindable, SQLReadable {
    static var sqlType: SQLType { .text }
    var sqlValue: SQLValue { .text(text) }
    init(from row: inout Row) { self.init(stored: row.text()) }
    static var encodedForm: EncodedForm { .json }
}
extension Identifier: SQLBindable, SQLReadable {
    static var sqlType: SQLType { .text }
    var sqlValue: SQLValue { .text(text) }
    init(from row: inout Row) { self = row.bytes { Identifier(stored: $0) } }
}
extension Optional: SQLReadable where Wrapped: SQLReadable {
    init(from row: inout Row) {
        if row.skipNull() { self = nil } else { self = Wrapped(from: &row) }
    }
    static var encodedForm: EncodedForm { Wrapped.encodedForm }
}

/// An enumeration whose raw values are also listed in the schema's CHECK constraints.
protocol StoredWord: SQLBindable, SQLReadable, RawRepresentable<String> {
    /// Stands for an unknown word, which only occurs if the file was edited externally.
    static var fallback: Self { get }
}
extension StoredWord {
    static var sqlType: SQLType { .text }
    var sqlValue: SQLValue { .text(rawValue) }
    init(from row: inout Row) { self = Self(rawValue: row.text()) ?? .fallback }
}
extension User.Role: StoredWord { static var fallback: Self { .user } }
extension User.Status: StoredWord { static var fallback: Self { .suspended } }
extension APIKey.Scope: StoredWord { static var fallback: Self { .read } }
extension Event.Kind: StoredWord { static var fallback: Self { .test } }
extension Delivery.Status: StoredWord { static var fallback: Self { .failed } }
extension MemberRole: StoredWord { static var fallback: Self { .viewer } }
extension Document.Status: StoredWord { static var fallback: Self { .failed } }
extension DocumentType: StoredWord { static var fallback: Self { .text } }
extension Message.Role: StoredWord { static var fallback: Self { .assistant } }
extension Message.FinishReason: StoredWord { static var fallback: Self { .stop } }
