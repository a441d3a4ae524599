import Glibc

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

/// How a database keeps a field.
public struct StoredColumn: Sendable {
    public let name: StaticString
    public let form: StoredForm
    /// Left out when it is NULL.
    public let isOptional: Bool
}

extension JSONWriter {
    /// A value that is kept as an integer.
    public mutating func value(_ stored: Int64, as form: StoredForm) {
        switch form {
        case .flag: value(stored != 0)
        case .time: value(Timestamp(milliseconds: stored))
        case .plain, .json: value(stored)
        }
    }
}

/// JSON as it is stored, which in most listings is the same row after row, such as settings. What equals the last
/// is copied from where that was written, rather than escaped again. For one answer.
public struct RecurringJSON {
    private let last = ByteBuffer()
    private var place = 0..<0

    public init() {}

    public mutating func write(_ json: UnsafeBufferPointer<UInt8>, to writer: inout JSONWriter) {
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
