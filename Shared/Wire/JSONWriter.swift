import Glibc

/// Writes JSON (RFC 8259) directly to a byte buffer. Adds commas and escapes strings in one pass. Keys are static
/// strings, because field names are known at compile time.
public struct JSONWriter {
    public let buffer: ByteBuffer
    private var needsComma = false
    /// Whether the output is inside a JSON string, so that quotes and backslashes are escaped again.
    private(set) var isEmbedded = false

    public init(into buffer: ByteBuffer = ByteBuffer()) { self.buffer = buffer }

    /// A writer whose output is inside a JSON string.
    init(embeddingInto buffer: ByteBuffer) {
        self.buffer = buffer
        isEmbedded = true
    }

    /// A writer to another buffer, whose output can be copied to the current position of this one.
    func elsewhere() -> JSONWriter {
        var writer = JSONWriter()
        writer.isEmbedded = isEmbedded
        return writer
    }

    // MARK: Structure

    public mutating func beginObject() { open(UInt8(ascii: "{")) }
    public mutating func endObject() { close(UInt8(ascii: "}")) }
    public mutating func beginArray() { open(UInt8(ascii: "[")) }
    public mutating func endArray() { close(UInt8(ascii: "]")) }

    public mutating func object(_ body: (inout JSONWriter) throws -> Void) rethrows {
        beginObject()
        try body(&self)
        endObject()
    }

    public mutating func array(_ body: (inout JSONWriter) throws -> Void) rethrows {
        beginArray()
        try body(&self)
        endArray()
    }

    /// A key that needs no escapes.
    public mutating func key(_ name: StaticString) {
        let length = name.utf8CodeUnitCount
        buffer.appendUninitialized(capacity: length + 6) { target in
            guard let first = target.baseAddress else { return 0 }
            var next = Self.writeQuote(at: writeComma(at: first), isEmbedded)
            next.update(from: name.utf8Start, count: length)
            next = Self.writeQuote(at: next + length, isEmbedded)
            next.pointee = UInt8(ascii: ":")
            return next + 1 - first
        }
        needsComma = false
    }

    /// A key that comes from data and is escaped.
    public mutating func key(_ name: String) {
        value(name)
        buffer.append(UInt8(ascii: ":"))
        needsComma = false
    }

    // MARK: Values

    public mutating func value(_ text: String) {
        var text = text
        text.withUTF8 { value(utf8: $0) }
    }

    /// A string from bytes. The caller guarantees that they are well-formed UTF-8.
    public mutating func value(utf8 bytes: UnsafeBufferPointer<UInt8>) { value(utf8: bytes, after: .none) }

    /// The same, after a prepared key.
    public mutating func value(utf8 bytes: UnsafeBufferPointer<UInt8>, after key: PreparedKey) {
        let escape = isEmbedded ? JSONEscape.twice : JSONEscape.once
        guard bytes.count <= JSONEscape.blockLength else {
            self.key(key)
            return value(long: bytes, escape)
        }
        let isEmbedded = isEmbedded
        put(after: key, room: JSONEscape.room(for: bytes.count) + 7) { target in
            let next = Self.writeQuote(at: target, isEmbedded)
            return Self.writeQuote(at: escape.copy(bytes, to: next), isEmbedded)
        }
    }

    private mutating func value(long bytes: UnsafeBufferPointer<UInt8>, _ escape: JSONEscape) {
        separate()
        appendQuote()
        escape.append(bytes, to: buffer)
        appendQuote()
    }

    /// JSON inside a string. The output of `body` is escaped while it is written, so that a response is written to its
    /// envelope in one pass. Only one level deep.
    public mutating func embedded(_ body: (inout JSONWriter) throws -> Void) rethrows {
        precondition(!isEmbedded, "JSON is embedded one level deep")
        separate()
        var inner = JSONWriter(into: buffer)
        inner.isEmbedded = true
        buffer.append(UInt8(ascii: "\""))
        try body(&inner)
        buffer.append(UInt8(ascii: "\""))
    }

    public mutating func value(_ number: Int) { value(Int64(number)) }

    public mutating func value(_ number: Int64) { value(number, after: .none) }

    public mutating func value(_ number: Int64, after key: PreparedKey) {
        put(after: key, room: Decimal.maximumLength) { Decimal.write(number, at: $0) }
    }

    /// A finite number in its shortest form. Other numbers become `null`, because JSON cannot express them.
    public mutating func value(_ number: Double) {
        guard number.isFinite else { return null() }
        if number == number.rounded(), abs(number) < 1e15 { return value(Int64(number)) }
        separate()
        buffer.append(number.description)
    }

    public mutating func value(_ flag: Bool) {
        separate()
        buffer.append(flag ? "true" as StaticString : "false")
    }

    public mutating func value(_ time: Timestamp) {
        var dates = RecurringDate()
        value(time, dates: &dates)
    }

    /// The same, for many consecutive times.
    public mutating func value(_ time: Timestamp, dates: inout RecurringDate, after key: PreparedKey = .none) {
        let isEmbedded = isEmbedded
        put(after: key, room: Timestamp.length + 4) { target in
            let next = Self.writeQuote(at: target, isEmbedded)
            time.write(at: next, dates: &dates)
            return Self.writeQuote(at: next + Timestamp.length, isEmbedded)
        }
    }

    /// A string of `count` bytes that need no escapes, written by `write`.
    public mutating func value(plainLength length: Int, _ write: (UnsafeMutablePointer<UInt8>) -> Void) {
        let isEmbedded = isEmbedded
        put(after: .none, room: length + 4) { target in
            let next = Self.writeQuote(at: target, isEmbedded)
            write(next)
            return Self.writeQuote(at: next + length, isEmbedded)
        }
    }

    public mutating func null() {
        separate()
        buffer.append("null" as StaticString)
    }

    public mutating func value(_ json: JSON) {
        switch json {
        case .null: null()
        case .bool(let flag): value(flag)
        case .int(let number): value(number)
        case .double(let number): value(number)
        case .string(let text): value(text)
        case .array(let items):
            array { writer in for item in items { writer.value(item) } }
        case .object(let object):
            self.object { writer in
                for member in object.members {
                    writer.key(member.key)
                    writer.value(member.value)
                }
            }
        }
    }

    /// Bytes, encoded as a base64 string.
    public mutating func value(base64 bytes: UnsafeBufferPointer<UInt8>) {
        separate()
        appendQuote()
        Base64.encode(bytes, into: buffer)
        appendQuote()
    }

    /// A value that is already JSON.
    public mutating func raw(_ json: UnsafeBufferPointer<UInt8>) { _ = place(raw: json) }

    /// The same. Returns its range in the buffer, for `again`.
    public mutating func place(raw json: UnsafeBufferPointer<UInt8>) -> Range<Int> {
        separate()
        let start = buffer.count
        if isEmbedded { JSONEscape.once.append(json, to: buffer) } else { buffer.append(json) }
        return start..<buffer.count
    }

    /// A copy of the value at `place` in the buffer.
    public mutating func again(_ place: Range<Int>) {
        separate()
        buffer.append(copyOf: place)
    }

    /// A value already encoded for this writer, embedded or not.
    mutating func copy(_ encoded: UnsafeBufferPointer<UInt8>) {
        separate()
        buffer.append(encoded)
    }

    /// A value that is already JSON except for one string in the middle.
    public mutating func raw(
        _ before: UnsafeBufferPointer<UInt8>, with text: String, _ after: UnsafeBufferPointer<UInt8>
    ) {
        raw(before)
        needsComma = false
        value(text)
        needsComma = false
        raw(after)
    }

    // MARK: Keys that are written often

    /// An encoded key, including its quotes and colon.
    public struct PreparedKey {
        fileprivate let text: UnsafeBufferPointer<UInt8>?

        /// For a value without a key, or whose key has already been written.
        public static var none: PreparedKey { PreparedKey(text: nil) }
    }

    /// A key in the form that `key` writes, without a leading comma. The bytes must remain valid.
    static func prepared(_ text: UnsafeBufferPointer<UInt8>) -> PreparedKey { PreparedKey(text: text) }

    public mutating func key(_ prepared: PreparedKey) {
        guard prepared.text != nil else { return }
        put(after: prepared, room: 0) { $0 }
        needsComma = false
    }

    /// Writes a comma if needed, the key, and a value of at most `room` bytes.
    @inline(__always)
    private mutating func put(
        after key: PreparedKey, room: Int, _ write: (UnsafeMutablePointer<UInt8>) -> UnsafeMutablePointer<UInt8>
    ) {
        let length = key.text?.count ?? 0
        buffer.appendUninitialized(capacity: room + length + 1) { target in
            guard let first = target.baseAddress else { return 0 }
            let next = writeComma(at: first)
            if let start = key.text?.baseAddress { memcpy(next, start, length) }
            return write(next + length) - first
        }
        needsComma = true
    }

    // MARK: Parts

    private mutating func separate() {
        if needsComma { buffer.append(UInt8(ascii: ",")) }
        needsComma = true
    }

    private mutating func open(_ bracket: UInt8) {
        separate()
        buffer.append(bracket)
        needsComma = false
    }

    private mutating func close(_ bracket: UInt8) {
        buffer.append(bracket)
        needsComma = true
    }

    private func appendQuote() {
        if isEmbedded { buffer.append(UInt8(ascii: "\\")) }
        buffer.append(UInt8(ascii: "\""))
    }

    /// Writes a comma if one is due, and returns its end. Requires room for it.
    private func writeComma(at target: UnsafeMutablePointer<UInt8>) -> UnsafeMutablePointer<UInt8> {
        guard needsComma else { return target }
        target.pointee = UInt8(ascii: ",")
        return target + 1
    }

    /// Writes a quote and returns its end. Requires room for it.
    private static func writeQuote(
        at target: UnsafeMutablePointer<UInt8>, _ isEmbedded: Bool
    ) -> UnsafeMutablePointer<UInt8> {
        var next = target
        if isEmbedded {
            next.pointee = UInt8(ascii: "\\")
            next += 1
        }
        next.pointee = UInt8(ascii: "\"")
        return next + 1
    }
}
