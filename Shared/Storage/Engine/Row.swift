import Wire

/// The current row of a statement.
///
/// ```swift
/// extension Session: Record {
///     static let columns = SQL(columnsOf: Self.self)
///     init(from row: inout Row) { self.init(id: row["s.id"], user: row["s.user_id"]) }
/// }
/// ```
///
/// A column is read under the name it is selected by. `Record.columns` collects these names, so the initializer is the
/// only list of them. It must read all of its columns, always in the same order.
struct Row {
    private enum Source {
        case sqlite(SQLiteRow)
        /// Not a real row: it collects the column names and reads as NULL.
        case names(ColumnList)
    }

    private let source: Source
    private var column: Int32 = 0

    init(_ row: SQLiteRow) { source = .sqlite(row) }

    fileprivate init(collecting names: ColumnList) { source = .names(names) }

    /// The next column, selected by this name.
    subscript<T: SQLReadable>(_ name: StaticString) -> T {
        mutating get {
            if case .names(let names) = source { names.add(SQL(stringLiteral: name), as: T.self) }
            return T(from: &self)
        }
    }

    /// The next column, selected by this expression.
    subscript<T: SQLReadable>(expression expression: @autoclosure () -> SQL) -> T {
        mutating get {
            if case .names(let names) = source { names.add(expression(), as: T.self) }
            return T(from: &self)
        }
    }

    /// The next column, for statements that do not select a `Record`.
    mutating func next<T: SQLReadable>(_: T.Type = T.self) -> T { T(from: &self) }

    private mutating func advance() -> Int32 {
        defer { column += 1 }
        return column
    }

    mutating func bool() -> Bool { integer() != 0 }

    mutating func integer() -> Int64 {
        guard case .sqlite(let row) = source else { return 0 }
        return row.integer(at: advance())
    }

    mutating func real() -> Double {
        guard case .sqlite(let row) = source else { return 0 }
        return row.real(at: advance())
    }

    mutating func text() -> String { bytes { String(decoding: $0, as: UTF8.self) } }
    mutating func blob() -> [UInt8] { bytes { Array($0) } }

    /// The bytes of a text or blob, in the engine's memory; empty for NULL.
    mutating func bytes<T>(_ body: (UnsafeBufferPointer<UInt8>) throws -> T) rethrows -> T {
        guard case .sqlite(let row) = source else { return try body(UnsafeBufferPointer(start: nil, count: 0)) }
        return try body(row.bytes(at: advance()))
    }

    /// A value with its type in the engine.
    enum Value {
        case null
        case integer(Int64)
        case real(Double)
        /// A text or blob, in the engine's memory.
        case bytes(UnsafeBufferPointer<UInt8>)
    }

    /// The value of the next column.
    mutating func value() -> Value {
        guard case .sqlite(let row) = source else { return .null }
        return row.value(at: advance())
    }

    /// Skips the next column if it is NULL.
    mutating func skipNull() -> Bool {
        guard case .sqlite(let row) = source else { return true }
        guard row.isNull(at: column) else { return false }
        column += 1
        return true
    }

    /// Whether all columns have been read.
    var isAtEnd: Bool {
        if case .sqlite(let row) = source { column == row.count } else { true }
    }
}

/// A type that is read from a row.
protocol Record: SendableMetatype {
    /// Reads the columns by name.
    init(from row: inout Row)
    /// The columns to SELECT, which `init(from:)` reads. Always `SQL(columnsOf: Self.self)`.
    static var columns: SQL { get }
}

/// The columns that a type's initializer reads.
final class ColumnList {
    private(set) var expressions: [SQL] = []
    private(set) var types: [any SQLReadable.Type] = []

    init<T: Record>(of _: T.Type) {
        var row = Row(collecting: self)
        _ = T(from: &row)
    }

    fileprivate func add<T: SQLReadable>(_ expression: SQL, as type: T.Type) {
        expressions.append(expression)
        types.append(type)
    }
}

extension SQL {
    /// The columns that a type's initializer reads. Only for static properties.
    init<T: Record>(columnsOf type: T.Type) { self = .permanentList(ColumnList(of: type).expressions) }
}
