import Wire

/// A row of a result, in the receive buffer. It is valid only during the call that passes it.
///
/// Columns count from 0. A column that does not exist reads as NULL.
public struct PostgresRow {
    @usableFromInline let body: UnsafePointer<UInt8>
    @usableFromInline let columns: UnsafePointer<Column>
    /// The number of columns.
    public let count: Int

    /// Where a value is in the row, and how to read it.
    @usableFromInline
    struct Column {
        @usableFromInline var start: Int32
        /// -1 for NULL.
        @usableFromInline var length: Int32
        @usableFromInline var kind: ColumnKind

        @inlinable static var null: Column { Column(start: 0, length: -1, kind: .bytes) }

        @inlinable
        init(start: Int32, length: Int32, kind: ColumnKind) {
            self.start = start
            self.length = length
            self.kind = kind
        }
    }

    /// A value with its type.
    public enum Value {
        case null
        /// Also for `bool`: 0 or 1.
        case integer(Int64)
        case real(Double)
        /// A text or `bytea`, in the receive buffer.
        case bytes(UnsafeBufferPointer<UInt8>)
    }

    init(body: UnsafePointer<UInt8>, columns: UnsafePointer<Column>, count: Int) {
        self.body = body
        self.columns = columns
        self.count = count
    }

    @inlinable public func isNull(at column: Int) -> Bool { self[column].length < 0 }

    /// An integer, 0 or 1 for a `bool`, a number without its fraction; 0 for NULL, bytes, and what does not fit.
    @inlinable
    public func integer(at column: Int) -> Int64 {
        switch value(at: column) {
        case .integer(let value): value
        case .real(let value): Int64(exactly: value.rounded(.towardZero)) ?? 0
        case .null, .bytes: 0
        }
    }

    /// A number; 0 for NULL and bytes.
    @inlinable
    public func real(at column: Int) -> Double {
        switch value(at: column) {
        case .integer(let value): Double(value)
        case .real(let value): value
        case .null, .bytes: 0
        }
    }

    /// The bytes of a text or `bytea`; empty for NULL and numbers.
    @inlinable
    public func bytes(at column: Int) -> UnsafeBufferPointer<UInt8> {
        let found = self[column]
        guard found.length > 0, found.kind == .bytes else { return .none }
        return UnsafeBufferPointer(start: body + Int(found.start), count: Int(found.length))
    }

    @inlinable
    public func value(at column: Int) -> Value {
        let found = self[column]
        guard found.length >= 0 else { return .null }
        let start = UnsafeRawPointer(body + Int(found.start))
        switch (found.kind, found.length) {
        case (.integer, 8): return .integer(Int64(bigEndian: start.loadUnaligned(as: Int64.self)))
        case (.integer, 4): return .integer(Int64(Int32(bigEndian: start.loadUnaligned(as: Int32.self))))
        case (.integer, 2): return .integer(Int64(Int16(bigEndian: start.loadUnaligned(as: Int16.self))))
        case (.integer, 1): return .integer(Int64(start.load(as: UInt8.self)))
        case (.real, 8): return .real(Double(bitPattern: UInt64(bigEndian: start.loadUnaligned(as: UInt64.self))))
        case (.real, 4):
            return .real(Double(Float(bitPattern: UInt32(bigEndian: start.loadUnaligned(as: UInt32.self)))))
        case (.bytes, _): return .bytes(bytes(at: column))
        default: return .null
        }
    }

    @inlinable
    subscript(_ column: Int) -> Column { column >= 0 && column < count ? columns[column] : .null }
}

/// How the bytes of a column are read. Each is one of several types of PostgreSQL.
@usableFromInline
enum ColumnKind: UInt8 {
    /// `bool`, `int2`, `int4`, `int8`, told apart by their lengths.
    case integer
    /// `float4` and `float8`.
    case real
    /// Text of any type, and `bytea`.
    case bytes

    /// Nil for a type whose binary format is none of these. The numbers are those of `pg_type`.
    init?(type: Int) {
        switch type {
        case 16, 20, 21, 23: self = .integer
        case 700, 701: self = .real
        // bytea, char, name, text, json, xml, unknown, bpchar, varchar, void
        case 17, 18, 19, 25, 114, 142, 705, 1042, 1043, 2278: self = .bytes
        default: return nil
        }
    }

    func accepts(length: Int) -> Bool {
        switch self {
        case .integer: length == 8 || length == 4 || length == 2 || length == 1
        case .real: length == 8 || length == 4
        case .bytes: true
        }
    }
}

/// Finds the values in rows. One is enough for a connection.
final class RowLayout {
    private var columns: UnsafeMutablePointer<PostgresRow.Column>
    private var capacity = 32
    private var count = 0

    init() { columns = .allocate(capacity: capacity) }

    deinit { columns.deallocate() }

    /// Prepares for rows with these columns.
    func begin(_ kinds: [ColumnKind]) {
        if kinds.count > capacity {
            columns.deallocate()
            capacity = kinds.count
            columns = .allocate(capacity: capacity)
        }
        count = kinds.count
        for (index, kind) in kinds.enumerated() {
            (columns + index).initialize(to: PostgresRow.Column(start: 0, length: -1, kind: kind))
        }
    }

    /// Decodes DataRow.
    func row(_ body: Bytes) throws(PostgresError) -> PostgresRow {
        guard let start = body.baseAddress, body.count >= 2, Int(body[0]) << 8 | Int(body[1]) == count else {
            throw .malformed
        }
        var position = 2
        for index in 0..<count {
            guard body.count - position >= 4 else { throw .malformed }
            let length = Int(
                Int32(bigEndian: UnsafeRawPointer(start + position).loadUnaligned(as: Int32.self)))
            position += 4
            columns[index].start = Int32(truncatingIfNeeded: position)
            columns[index].length = Int32(truncatingIfNeeded: length)
            if length < 0 {
                guard length == -1 else { throw .malformed }
                continue
            }
            guard length <= body.count - position, columns[index].kind.accepts(length: length) else {
                throw .malformed
            }
            position += length
        }
        guard position == body.count else { throw .malformed }
        return PostgresRow(body: start, columns: columns, count: count)
    }
}
