import Wire

/// A statement and its bound values. An interpolated value becomes a placeholder and a binding, so external text can
/// never become SQL. Interpolated `SQL` is spliced in with its bindings.
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
/// The text is kept as the literal pieces it was written in. These are part of the program, so the address of a piece
/// identifies it, and a prepared statement is found without assembling and hashing its text, which took longer than
/// running some statements.
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

    /// The pieces of a statement that was put together before, with a value for each placeholder.
    init(pieces: [Piece], values: [SQLValue]) {
        self.pieces = pieces
        self.values = values
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
            // Room for spliced SQL, which adds several of each.
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

        mutating func appendInterpolation<Value: SQLBindable>(_ value: Value?) {
            pieces.append(.placeholder)
            values.append(value?.sqlValue ?? .null(Value.sqlType))
        }

        mutating func appendInterpolation(_ sql: SQL) {
            pieces += sql.pieces
            values += sql.values
        }

        /// An array, for statements that only PostgreSQL runs.
        mutating func appendInterpolation(array values: [Int]) { append(.integers(values)) }
        mutating func appendInterpolation(array values: [[UInt8]]) { append(.blobs(values)) }

        private mutating func append(_ value: SQLValue) {
            pieces.append(.placeholder)
            values.append(value)
        }

        /// The same expression in each engine's dialect.
        mutating func appendInterpolation(sqlite: StaticString, postgres: StaticString) {
            pieces.append(.dialect(sqlite: sqlite, postgres: postgres))
        }
    }

    static func + (left: SQL, right: SQL) -> SQL { "\(left)\(right)" }

    /// `(?, ?, ?)`; `(NULL)` for an empty list, which matches nothing.
    static func list(_ values: [some SQLBindable]) -> SQL {
        guard let first = values.first else { return "(NULL)" }
        return values.dropFirst().reduce("(\(first)" as SQL) { "\($0), \($1)" } + ")"
    }

    /// Expressions separated by commas, as one piece if possible. Only for static properties: the piece is never freed.
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

extension SQL {
    enum Dialect { case sqlite, postgres }

    /// The statement's text, with `?` for its values on SQLite, and `$1`, `$2` and so on on PostgreSQL.
    func text(in dialect: Dialect) -> ByteBuffer {
        let text = ByteBuffer()
        var number = 0
        for piece in pieces {
            switch (piece, dialect) {
            case (.text(let part), _): text.append(part)
            case (.dialect(let part, _), .sqlite), (.dialect(_, let part), .postgres): text.append(part)
            case (.placeholder, .sqlite): text.append(UInt8(ascii: "?"))
            case (.placeholder, .postgres):
                number += 1
                text.append(UInt8(ascii: "$"))
                text.append(decimal: Int64(number))
            }
        }
        return text
    }

    /// Whether the statement only reads. Those that do begin with one of two words, and no other does.
    var onlyReads: Bool {
        guard case .text(let first) = pieces.first else { return false }
        return first.starts(with: "SELECT".utf8) || first.starts(with: "WITH".utf8)
    }
}

/// The type of a bound value.
enum SQLType { case bool, integer, real, text, blob }

/// A bound value.
enum SQLValue: Equatable {
    /// With the type that it would have, so that a statement always has parameters of the same types.
    case null(SQLType)
    case bool(Bool)
    case integer(Int64)
    case real(Double)
    case text(String)
    case blob([UInt8])
    /// Arrays, which only PostgreSQL has.
    case integers([Int])
    case blobs([[UInt8]])
}
