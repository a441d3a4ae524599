import Glibc

/// The keys of consecutive objects, encoded once.
public struct RecurringKeys {
    private let text: ByteBuffer
    private let places: [Range<Int>]

    /// - Parameter writer: the writer for the objects.
    public init(_ names: [StaticString], with writer: JSONWriter) {
        var keys = writer.elsewhere()
        places = names.map { name in
            let start = keys.buffer.count
            keys.key(name)
            return start..<keys.buffer.count
        }
        text = keys.buffer
    }

    /// The key for the name at that index.
    public subscript(index: Int) -> JSONWriter.PreparedKey {
        JSONWriter.prepared(UnsafeBufferPointer(rebasing: text.bytes[places[index]]))
    }
}

/// JSON that is often the same as the previous value, such as settings. A repeated value is copied from the output
/// instead of being escaped again. Use one per buffer.
public struct RecurringJSON {
    private let last = ByteBuffer()
    private var place = 0..<0

    public init() {}

    public mutating func write(
        _ json: UnsafeBufferPointer<UInt8>, after key: JSONWriter.PreparedKey, to writer: inout JSONWriter
    ) {
        writer.key(key)
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
