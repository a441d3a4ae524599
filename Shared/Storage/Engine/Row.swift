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
        case copied(CopiedRows)
        /// Not a real row: it collects the column names and reads as NULL.
        case names(ColumnList)
    }

    private let source: Source
    private var column: Int32 = 0

    init(_ row: SQLiteRow) { source = .sqlite(row) }
    /// The current one of these.
    init(_ rows: CopiedRows) { source = .copied(rows) }

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
        guard case .sqlite(let row) = source else { return otherInteger() }
        return row.integer(at: advance())
    }

    mutating func real() -> Double {
        guard case .sqlite(let row) = source else { return otherReal() }
        return row.real(at: advance())
    }

    mutating func text() -> String { bytes { String(decoding: $0, as: UTF8.self) } }
    mutating func blob() -> [UInt8] { bytes { Array($0) } }

    /// The bytes of a text or blob, in the engine's memory; empty for NULL.
    mutating func bytes<T>(_ body: (UnsafeBufferPointer<UInt8>) throws -> T) rethrows -> T {
        guard case .sqlite(let row) = source else { return try body(otherBytes()) }
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
        guard case .sqlite(let row) = source else { return otherValue() }
        return row.value(at: advance())
    }

    /// Skips the next column if it is NULL.
    mutating func skipNull() -> Bool {
        guard case .sqlite(let row) = source else { return otherSkipsNull() }
        guard row.isNull(at: column) else { return false }
        column += 1
        return true
    }

    /// The number of columns.
    var count: Int {
        switch source {
        case .sqlite(let row): Int(row.count)
        case .copied(let rows): rows.columns
        case .names: 0
        }
    }

    /// Whether all columns have been read.
    var isAtEnd: Bool { if case .names = source { true } else { column == count } }
}

/// Rows of PostgreSQL. Apart, and not inlined, because every column of every statement would have its own copy.
extension Row {
    @inline(never)
    private mutating func otherInteger() -> Int64 {
        switch source {
        case .copied(let rows): rows.integer(at: Int(advance()))
        case .sqlite, .names: 0
        }
    }

    @inline(never)
    private mutating func otherReal() -> Double {
        switch source {
        case .copied(let rows): rows.real(at: Int(advance()))
        case .sqlite, .names: 0
        }
    }

    @inline(never)
    private mutating func otherBytes() -> UnsafeBufferPointer<UInt8> {
        switch source {
        case .copied(let rows): rows.bytes(at: Int(advance()))
        case .sqlite, .names: UnsafeBufferPointer(start: nil, count: 0)
        }
    }

    @inline(never)
    private mutating func otherValue() -> Value {
        switch source {
        case .copied(let rows): rows.value(at: Int(advance()))
        case .sqlite, .names: .null
        }
    }

    @inline(never)
    private mutating func otherSkipsNull() -> Bool {
        let isNull =
            switch source {
            case .copied(let rows): rows.isNull(at: Int(column))
            case .sqlite, .names: true
            }
        if isNull { column += 1 }
        return isNull
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
