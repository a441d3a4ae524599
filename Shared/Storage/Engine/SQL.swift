import Wire

/// A statement and the values bound to it. An interpolated value becomes a placeholder and a binding, so text from
/// outside can never become SQL; interpolated `SQL` is spliced in with its own bindings.
///
/// ```swift
/// let sql: SQL = "SELECT id FROM users WHERE email_key = \(email.folded)"
/// ```
///
/// Statements are written in the SQL that SQLite and PostgreSQL share. Where they differ:
///
/// ```swift
/// let sql: SQL = "SELECT \(sqlite: "length(CAST(content AS BLOB))", postgres: "octet_length(content)") FROM passages"
/// ```
///
/// The text is kept as the pieces it was written in. These are part of the program, so the address of a piece tells it
/// from any other, and a prepared statement is found without putting its text together.
struct SQL: ExpressibleByStringInterpolation {
    typealias StringLiteralType = StaticString

    private(set) var pieces: [Piece]
    private(set) var values: [SQLValue]

    /// A part of a statement. Its text lives as long as the program.
    enum Piece: Equatable, @unchecked Sendable {
        case text(UnsafeBufferPointer<UInt8>)
        /// A bound value.
        case placeholder
        case dialect(sqlite: StaticString, postgres: StaticString)

        init(_ text: StaticString) {
            self = .text(UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
        }

        static func == (left: Piece, right: Piece) -> Bool {
            switch (left, right) {
            case (.text(let left), .text(let right)): left.baseAddress == right.baseAddress && left.count == right.count
            case (.placeholder, .placeholder): true
            case (.dialect(let left, _), .dialect(let right, _)): left.utf8Start == right.utf8Start
            default: false
            }
        }
    }

    init(stringLiteral text: StaticString) {
        pieces = [Piece(text)]
        values = []
    }

    /// Text that lives as long as the program.
    init(permanent text: UnsafeBufferPointer<UInt8>) {
        pieces = [.text(text)]
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

        init(literalCapacity: Int, interpolationCount: Int) {
            // Room for what is spliced in, which brings several of each.
            pieces.reserveCapacity(interpolationCount * 4 + 8)
            values.reserveCapacity(interpolationCount + 4)
        }

        mutating func appendLiteral(_ literal: StaticString) {
            if literal.utf8CodeUnitCount > 0 { pieces.append(Piece(literal)) }
        }

        mutating func appendInterpolation(_ value: some SQLBindable) {
            pieces.append(.placeholder)
            values.append(value.sqlValue)
        }

        mutating func appendInterpolation(_ value: (some SQLBindable)?) {
            pieces.append(.placeholder)
            values.append(value?.sqlValue ?? .null)
        }

        mutating func appendInterpolation(_ sql: SQL) {
            pieces += sql.pieces
            values += sql.values
        }

        /// The same in the words of each engine.
        mutating func appendInterpolation(sqlite: StaticString, postgres: StaticString) {
            pieces.append(.dialect(sqlite: sqlite, postgres: postgres))
        }
    }

    static func + (left: SQL, right: SQL) -> SQL { "\(left)\(right)" }

    /// `(?, ?, ?)`; an empty list is `(NULL)`, which nothing is in.
    static func list(_ values: [some SQLBindable]) -> SQL {
        guard let first = values.first else { return "(NULL)" }
        return values.dropFirst().reduce("(\(first)" as SQL) { "\($0), \($1)" } + ")"
    }

    /// Expressions with commas between them, as one piece where that is possible. For static properties alone: the
    /// piece is never freed.
    static func permanentList(_ expressions: [SQL]) -> SQL {
        let list = expressions.dropFirst().reduce(expressions.first ?? "NULL") { "\($0), \($1)" }
        let text = ByteBuffer()
        for piece in list.pieces {
            guard case .text(let bytes) = piece else { return list }
            text.append(bytes)
        }
        let copy = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: text.count)
        _ = copy.initialize(from: text.bytes)
        return SQL(permanent: UnsafeBufferPointer(copy))
    }
}

/// A value as it is bound to a statement.
enum SQLValue {
    case null
    case bool(Bool)
    case integer(Int64)
    case real(Double)
    case text(String)
    case blob([UInt8])
    /// What SQLite's function `passage_rank` reports to. Whoever binds it keeps it until the statement has run.
    case ranking(PassageRanking)
}
