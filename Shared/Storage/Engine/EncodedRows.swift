import Wire

/// How to encode a column as JSON if its database type does not determine that.
enum EncodedForm {
    /// Text or a number.
    case plain
    /// Text that is already JSON.
    case json
    /// 0 or 1.
    case flag
    /// Milliseconds since 1970.
    case time
}

/// The columns of a listing whose rows are encoded as JSON without creating models: creating and dropping twenty
/// workspaces took longer than reading them. Only for static properties.
struct EncodedColumns {
    fileprivate struct Column {
        let form: EncodedForm
        /// Omitted from the object if it is NULL.
        let isOptional: Bool
    }

    fileprivate let columns: [Column]
    fileprivate let names: [StaticString]
    /// The columns to SELECT.
    let sql: SQL

    /// The columns of a record under the names of its fields. Both lists must have the same order.
    init<T: Record & Shaped>(of type: T.Type) {
        let fields = T.shape.fields
        columns = zip(fields, ColumnList(of: type).types).map {
            Column(form: $1.encodedForm, isOptional: $0.isOptional)
        }
        names = fields.map(\.name)
        sql = T.columns
    }
}

/// Encodes rows as JSON objects. Work that repeats from row to row is done once: the names of the fields, the day of a
/// time, JSON such as settings. Use one per page.
struct EncodedRows {
    private let columns: [EncodedColumns.Column]
    private let keys: RecurringKeys
    private var json = RecurringJSON()
    private var dates = RecurringDate()

    /// - Parameter writer: the writer for the rows.
    init(_ columns: EncodedColumns, with writer: JSONWriter) {
        self.columns = columns.columns
        keys = RecurringKeys(columns.names, with: writer)
    }

    /// Writes the row's remaining columns as an object.
    mutating func write(_ row: inout Row, to writer: inout JSONWriter) {
        writer.beginObject()
        for index in columns.indices {
            switch row.value() {
            case .null:
                if columns[index].isOptional { continue }
                writer.key(keys[index])
                writer.null()
            case .integer(let value): write(value, at: index, to: &writer)
            case .real(let value):
                writer.key(keys[index])
                writer.value(value)
            case .bytes(let text):
                if case .json = columns[index].form {
                    json.write(text, after: keys[index], to: &writer)
                } else {
                    writer.value(utf8: text, after: keys[index])
                }
            }
        }
        writer.endObject()
    }

    private mutating func write(_ value: Int64, at index: Int, to writer: inout JSONWriter) {
        switch columns[index].form {
        case .time: writer.value(Timestamp(milliseconds: value), dates: &dates, after: keys[index])
        case .plain, .json: writer.value(value, after: keys[index])
        case .flag:
            writer.key(keys[index])
            writer.value(value != 0)
        }
    }
}
