import Wire

/// How a column becomes JSON, where the type that the database keeps does not say it.
enum EncodedForm {
    /// Text or a number.
    case plain
    /// The text of JSON.
    case json
    /// 0 or 1.
    case flag
    /// Milliseconds since 1970.
    case time
}

/// The columns of a listing whose rows are encoded as JSON without becoming models. For static properties.
struct EncodedColumns {
    fileprivate struct Column {
        let form: EncodedForm
        /// Left out of the object when it is NULL.
        let isOptional: Bool
    }

    fileprivate let columns: [Column]
    fileprivate let names: [StaticString]
    /// What to SELECT.
    let sql: SQL

    /// The columns of a record, under the names of its fields. Both are in the same order.
    init<T: Record & Shaped>(of type: T.Type) {
        let fields = T.shape.fields
        columns = zip(fields, ColumnList(of: type).types).map {
            Column(form: $1.encodedForm, isOptional: $0.isOptional)
        }
        names = fields.map(\.name)
        sql = T.columns
    }
}

/// Encodes rows as JSON objects. What is the same in row after row is worked out once: the names of the fields, the
/// day of a time, JSON such as settings. For one page.
struct EncodedRows {
    private let columns: [EncodedColumns.Column]
    private let keys: RecurringKeys
    private var json = RecurringJSON()
    private var dates = RecurringDate()

    /// - Parameter writer: what the rows are written with.
    init(_ columns: EncodedColumns, with writer: JSONWriter) {
        self.columns = columns.columns
        keys = RecurringKeys(columns.names, with: writer)
    }

    /// Writes the next columns of a row as an object.
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
