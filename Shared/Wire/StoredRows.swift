import Glibc

/// Writes rows as a database keeps them, as objects. What is the same in row after row is worked out once: the
/// names of the fields, the day of a time, JSON such as settings. For one answer.
public struct StoredRows {
    public let columns: [StoredColumn]
    private let keys: RecurringKeys
    private var json = RecurringJSON()
    private var dates = RecurringDate()

    /// - Parameter writer: what the rows are written with.
    public init(_ columns: [StoredColumn], with writer: JSONWriter) {
        self.columns = columns
        keys = RecurringKeys(columns.map(\.name), with: writer)
    }

    /// A value that is kept as an integer.
    public mutating func write(_ value: Int64, of column: Int, to writer: inout JSONWriter) {
        switch columns[column].form {
        case .time: writer.value(Timestamp(milliseconds: value), dates: &dates, behind: keys[column])
        case .plain, .json: writer.value(value, behind: keys[column])
        case .flag:
            writer.key(keys[column])
            writer.value(value != 0)
        }
    }

    /// A value that is kept as text, well-formed UTF-8.
    public mutating func write(_ text: UnsafeBufferPointer<UInt8>, of column: Int, to writer: inout JSONWriter) {
        if case .json = columns[column].form {
            writer.key(keys[column])
            json.write(text, to: &writer)
        } else {
            writer.value(utf8: text, behind: keys[column])
        }
    }

    /// A value that is kept as what it is written as.
    public mutating func write(_ value: Double?, of column: Int, to writer: inout JSONWriter) {
        writer.key(keys[column])
        if let value { writer.value(value) } else { writer.null() }
    }
}

/// The keys of objects that are written one after the other, as they are written.
private struct RecurringKeys {
    private let text: ByteBuffer
    private let places: [Range<Int>]

    init(_ names: [StaticString], with writer: JSONWriter) {
        var keys = writer.elsewhere()
        places = names.map { name in
            let start = keys.buffer.count
            keys.key(name)
            return start..<keys.buffer.count
        }
        text = keys.buffer
    }

    subscript(index: Int) -> JSONWriter.PreparedKey {
        JSONWriter.prepared(UnsafeBufferPointer(rebasing: text.bytes[places[index]]))
    }
}

/// JSON that in most listings is the same row after row. What equals the last is copied from where that was
/// written, rather than escaped again.
private struct RecurringJSON {
    private let last = ByteBuffer()
    private var place = 0..<0

    mutating func write(_ json: UnsafeBufferPointer<UInt8>, to writer: inout JSONWriter) {
        if equalsLast(json) { return writer.again(place) }
        last.removeAll()
        last.append(json)
        place = writer.place(raw: json)
    }

    private func equalsLast(_ json: UnsafeBufferPointer<UInt8>) -> Bool {
        guard json.count == last.count, let start = json.baseAddress, let other = last.bytes.baseAddress else {
            return false
        }
        return memcmp(start, other, json.count) == 0
    }
}
