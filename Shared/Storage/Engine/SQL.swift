import Models
import Wire

/// A statement and the values bound to it. Interpolated values become `?` and a binding, so text
/// from outside can never become SQL; interpolated `SQL` is spliced in with its own bindings.
///
/// ```swift
/// let sql: SQL = "SELECT id FROM users WHERE email_key = \(email.folded)"
/// ```
///
/// The text is kept as the pieces it was written in: all are part of the program, so that the address
/// of a piece tells it from any other, and a statement that is prepared already is found without its
/// text being put together.
struct SQL: ExpressibleByStringInterpolation {
    typealias StringLiteralType = StaticString

    private(set) var pieces: [Piece]
    private(set) var values: [SQLValue]

    var text: ByteBuffer {
        let text = ByteBuffer()
        for piece in pieces { text.append(piece.text) }
        return text
    }

    struct Piece: Equatable {
        let text: StaticString

        static func == (left: Piece, right: Piece) -> Bool {
            left.text.utf8Start == right.text.utf8Start && left.text.utf8CodeUnitCount == right.text.utf8CodeUnitCount
        }
    }

    init(stringLiteral text: StaticString) {
        pieces = [Piece(text: text)]
        values = []
    }

    init(stringInterpolation: StringInterpolation) {
        pieces = stringInterpolation.pieces
        values = stringInterpolation.values
    }

    struct StringInterpolation: StringInterpolationProtocol {
        typealias StringLiteralType = StaticString

        var pieces: [Piece] = []
        var values: [SQLValue] = []
        private static let placeholder = Piece(text: "?")

        init(literalCapacity: Int, interpolationCount: Int) {
            // Room for what is spliced in, which brings several of each.
            pieces.reserveCapacity(interpolationCount * 4 + 8)
            values.reserveCapacity(interpolationCount + 4)
        }

        mutating func appendLiteral(_ literal: StaticString) { pieces.append(Piece(text: literal)) }

        mutating func appendInterpolation(_ value: some SQLBindable) {
            pieces.append(Self.placeholder)
            values.append(value.sqlValue)
        }

        mutating func appendInterpolation(_ value: (some SQLBindable)?) {
            pieces.append(Self.placeholder)
            values.append(value?.sqlValue ?? .null)
        }

        mutating func appendInterpolation(_ sql: SQL) {
            pieces += sql.pieces
            values += sql.values
        }
    }

    static func + (left: SQL, right: SQL) -> SQL { "\(left)\(right)" }

    /// `(?, ?, ?)`; an empty list is `(NULL)`, which nothing is in.
    static func list(_ values: [some SQLBindable]) -> SQL {
        guard let first = values.first else { return "(NULL)" }
        return values.dropFirst().reduce("(\(first)" as SQL) { "\($0), \($1)" } + ")"
    }
}

/// SQLite's storage classes.
enum SQLValue {
    case null
    case integer(Int64)
    case real(Double)
    case text(String)
    case blob([UInt8])
    /// No value, but whom `passage_rank` is to tell. Whoever binds it keeps it until the statement was run.
    case ranking(PassageRanking)
}

/// What can be bound to a statement and read from a column.
protocol SQLBindable { var sqlValue: SQLValue { get } }
protocol SQLReadable { init(from row: inout Row) }

extension String: SQLBindable, SQLReadable {
    var sqlValue: SQLValue { .text(self) }
    init(from row: inout Row) { self = row.text() }
}
extension PassageRanking: SQLBindable {
    var sqlValue: SQLValue { .ranking(self) }
}
extension Int: SQLBindable, SQLReadable {
    var sqlValue: SQLValue { .integer(Int64(self)) }
    init(from row: inout Row) { self = Int(row.integer()) }
}
extension Double: SQLBindable, SQLReadable {
    var sqlValue: SQLValue { .real(self) }
    init(from row: inout Row) { self = row.real() }
}
extension Array: SQLBindable, SQLReadable where Element == UInt8 {
    var sqlValue: SQLValue { .blob(self) }
    init(from row: inout Row) { self = row.blob() }
}
extension Timestamp: SQLBindable, SQLReadable {
    var sqlValue: SQLValue { .integer(milliseconds) }
    init(from row: inout Row) { self.init(milliseconds: row.integer()) }
}
extension RawJSON: SQLBindable, SQLReadable {
    var sqlValue: SQLValue { .text(text) }
    init(from row: inout Row) { self.init(stored: row.text()) }
}
extension Identifier: SQLBindable, SQLReadable {
    var sqlValue: SQLValue { .text(text) }
    init(from row: inout Row) { self = row.bytes { Identifier(stored: $0) } }
}
extension Optional: SQLReadable where Wrapped: SQLReadable {
    init(from row: inout Row) {
        if row.skipNull() { self = nil } else { self = Wrapped(from: &row) }
    }
}

/// Words that the schema's CHECK constraints list too.
protocol StoredWord: SQLBindable, SQLReadable, RawRepresentable<String> {
    /// What an unknown word reads as; only a file changed from outside has one.
    static var fallback: Self { get }
}
extension StoredWord {
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
