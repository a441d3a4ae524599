import CSQLite
import Wire

/// A column of a listing whose rows are encoded as JSON without becoming models.
struct EncodedColumn {
    /// How the database keeps the value, where its type does not say it.
    enum Form {
        /// Text or a number.
        case plain
        /// The text of JSON.
        case json
        /// 0 or 1.
        case flag
        /// Milliseconds since 1970.
        case time
    }

    /// The field of the JSON object.
    let name: StaticString
    let sql: SQL
    var form = Form.plain
    /// Left out of the object when it is NULL.
    var isOptional = false

    init(_ name: StaticString, _ sql: SQL, _ form: Form = .plain, isOptional: Bool = false) {
        (self.name, self.sql, self.form, self.isOptional) = (name, sql, form, isOptional)
    }
}

/// The columns of such a listing: as many as the fields of an item, in their order.
struct EncodedColumns {
    fileprivate let columns: [EncodedColumn]
    fileprivate let names: [StaticString]
    /// What to SELECT.
    let sql: SQL

    init(_ columns: [EncodedColumn]) {
        self.columns = columns
        names = columns.map(\.name)
        sql = columns.dropFirst().reduce(columns.first?.sql ?? "NULL") { "\($0), \($1.sql)" }
    }
}

/// Encodes rows as JSON objects. What is the same in row after row is worked out once: the names of the fields, the
/// day of a time, JSON such as settings. For one page.
struct EncodedRows {
    private let columns: [EncodedColumn]
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
            let value = row.nextValue()
            switch sqlite3_value_type(value) {
            case SQLITE_NULL:
                if columns[index].isOptional { continue }
                writer.key(keys[index])
                writer.null()
            case SQLITE_INTEGER: write(sqlite3_value_int64(value), at: index, to: &writer)
            case SQLITE_FLOAT:
                writer.key(keys[index])
                writer.value(sqlite3_value_double(value))
            default:
                let start = sqlite3_value_blob(value)?.assumingMemoryBound(to: UInt8.self)
                let text = UnsafeBufferPointer(start: start, count: start == nil ? 0 : Int(sqlite3_value_bytes(value)))
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
