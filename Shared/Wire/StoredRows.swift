/// Rows of a database as it gave them, in one piece of memory: a listing writes them as JSON without
/// making a model of each, which would be most of its work.
public final class StoredRows {
    fileprivate enum Cell {
        case null
        case integer(Int64)
        case real(Double)
        /// Text or a blob: where it lies in `bytes`.
        case bytes(start: Int, count: Int)
    }

    private let columns: Int
    @exclusivity(unchecked) private var cells: [Cell] = []
    private let bytes = ByteBuffer(capacity: 8192)

    /// - Parameter columns: how many each row has; cells come in row by row.
    public init(columns: Int) { self.columns = max(1, columns) }

    public func appendNull() { cells.append(.null) }
    public func append(_ value: Int64) { cells.append(.integer(value)) }
    public func append(_ value: Double) { cells.append(.real(value)) }
    public func append(_ value: UnsafeBufferPointer<UInt8>) {
        cells.append(.bytes(start: bytes.count, count: value.count))
        bytes.append(value)
    }

    /// Writes the rows as an array of objects whose fields the columns are, in their order.
    public func write<Value>(as shape: Shape<Value>, to writer: inout JSONWriter) {
        let fields = shape.fields.map { (name: $0.name, form: $0.storedForm, isOptional: $0.isOptional) }
        writer.beginArray()
        for start in stride(from: 0, to: cells.count - columns + 1, by: columns) {
            writer.beginObject()
            for (index, field) in fields.prefix(columns).enumerated() {
                let cell = cells[start + index]
                if case .null = cell, field.isOptional { continue }
                writer.key(field.name)
                write(cell, as: field.form, to: &writer)
            }
            writer.endObject()
        }
        writer.endArray()
    }

    private func write(_ cell: Cell, as form: StoredForm, to writer: inout JSONWriter) {
        switch cell {
        case .null: writer.null()
        case .real(let value): writer.value(value)
        case .integer(let value):
            switch form {
            case .flag: writer.value(value != 0)
            case .time: writer.value(Timestamp(milliseconds: value))
            case .plain, .json: writer.value(value)
            }
        case .bytes(let start, let count):
            let value = UnsafeBufferPointer(rebasing: bytes.bytes[start..<(start + count)])
            if case .json = form { writer.raw(value) } else { writer.value(utf8: value) }
        }
    }
}

/// How a database keeps a value, where its column does not say it by itself.
public enum StoredForm: Sendable {
    /// As what it is: text or a number.
    case plain
    /// As the text of its JSON.
    case json
    /// As 0 or 1.
    case flag
    /// In milliseconds since 1970.
    case time
}
