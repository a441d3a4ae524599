/// Writes JSON (RFC 8259) straight into a byte buffer: commas are set by the writer, strings are
/// escaped in one pass. Keys are static, because the names of our fields are.
public struct JSONWriter {
    public let buffer: ByteBuffer
    private var needsComma = false
    /// What is written stands inside a JSON string, so its quotes and backslashes are escaped again.
    private var isEmbedded = false

    public init(into buffer: ByteBuffer = ByteBuffer()) { self.buffer = buffer }

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

    /// A key that needs no escaping (every key we choose ourselves).
    public mutating func key(_ name: StaticString) {
        let length = name.utf8CodeUnitCount
        buffer.appendUninitialized(capacity: length + 6) { target in
            guard var next = target.baseAddress, let first = target.baseAddress else { return 0 }
            if needsComma {
                next.pointee = UInt8(ascii: ",")
                next += 1
            }
            next = writeQuote(at: next)
            next.update(from: name.utf8Start, count: length)
            next = writeQuote(at: next + length)
            next.pointee = UInt8(ascii: ":")
            return next + 1 - first
        }
        needsComma = false
    }

    /// A key from data.
    public mutating func key(_ name: String) {
        separate()
        writeQuoted(name)
        buffer.append(UInt8(ascii: ":"))
        needsComma = false
    }

    // MARK: Values

    public mutating func value(_ text: String) {
        separate()
        writeQuoted(text)
    }

    /// Bytes that are well-formed UTF-8 (the caller's promise), as a string.
    public mutating func value(utf8 bytes: UnsafeBufferPointer<UInt8>) {
        separate()
        writeQuoted(bytes)
    }

    /// JSON inside a string: what `body` writes is escaped as it is written, so that an answer
    /// goes into its envelope in one step. One level deep; envelopes need no more.
    public mutating func embedded(_ body: (inout JSONWriter) -> Void) {
        precondition(!isEmbedded, "JSON is embedded one level deep")
        separate()
        var inner = JSONWriter(into: buffer)
        inner.isEmbedded = true
        buffer.append(UInt8(ascii: "\""))
        body(&inner)
        buffer.append(UInt8(ascii: "\""))
    }

    public mutating func value(_ number: Int) { value(Int64(number)) }

    public mutating func value(_ number: Int64) {
        separate()
        buffer.append(decimal: number)
    }

    /// A finite number in its shortest form; JSON has no other, so the rest becomes `null`.
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
        separate()
        appendQuote()
        time.write(to: buffer)
        appendQuote()
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

    /// Bytes that are base64-encoded into a string.
    public mutating func value(base64 bytes: UnsafeBufferPointer<UInt8>) {
        separate()
        appendQuote()
        Base64.encode(bytes, into: buffer)
        appendQuote()
    }

    /// A value that is JSON already.
    public mutating func raw(_ json: UnsafeBufferPointer<UInt8>) {
        separate()
        if isEmbedded { JSONEscape.once.append(json, to: buffer) } else { buffer.append(json) }
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

    private func writeQuoted(_ text: String) {
        var text = text
        text.withUTF8 { writeQuoted($0) }
    }

    private func writeQuoted(_ bytes: UnsafeBufferPointer<UInt8>) {
        appendQuote()
        (isEmbedded ? JSONEscape.twice : JSONEscape.once).append(bytes, to: buffer)
        appendQuote()
    }

    private func appendQuote() {
        if isEmbedded { buffer.append(UInt8(ascii: "\\")) }
        buffer.append(UInt8(ascii: "\""))
    }

    /// Writes a quote where there is room for it, and returns what is behind it.
    private func writeQuote(at target: UnsafeMutablePointer<UInt8>) -> UnsafeMutablePointer<UInt8> {
        var next = target
        if isEmbedded {
            next.pointee = UInt8(ascii: "\\")
            next += 1
        }
        next.pointee = UInt8(ascii: "\"")
        return next + 1
    }
}

/// The escapes of RFC 8259 section 7, plus DEL, which terminals and logs do not like.
private struct JSONEscape: Sendable {
    /// For a string, and for a string of JSON that is itself inside a string.
    static let once = JSONEscape(backslashes: 1)
    static let twice = JSONEscape(backslashes: 2)

    /// What `\n` begins with.
    let backslashes: Int

    private static let blockLength = 4096
    private static let maximumLength = 7

    /// For each byte, whether it must be escaped. A global table, because every byte of every
    /// answer is looked up in it; never written after its initialisation, never freed.
    nonisolated(unsafe) private static let needed: UnsafePointer<Bool> = {
        let table = UnsafeMutablePointer<Bool>.allocate(capacity: 256)
        for byte in 0..<256 {
            table[byte] = byte < 0x20 || byte == 0x22 || byte == 0x5C || byte == 0x7F
        }
        return UnsafePointer(table)
    }()

    /// Appends text with its escapes: in blocks, so that there is room for the longest ones without
    /// asking at each byte.
    func append(_ bytes: UnsafeBufferPointer<UInt8>, to buffer: ByteBuffer) {
        var start = 0
        while start < bytes.count {
            let block = bytes[start..<min(bytes.count, start + Self.blockLength)]
            buffer.appendUninitialized(capacity: block.count * Self.maximumLength) {
                copy(UnsafeBufferPointer(rebasing: block), to: $0)
            }
            start = block.endIndex
        }
    }

    /// Copies `bytes` with their escapes and returns how many bytes that made.
    private func copy(_ bytes: UnsafeBufferPointer<UInt8>, to target: UnsafeMutableBufferPointer<UInt8>) -> Int {
        guard var next = target.baseAddress, let first = target.baseAddress, var source = bytes.baseAddress
        else { return 0 }
        let needed = Self.needed
        let end = source + bytes.count
        while source != end {
            let byte = source.pointee
            source += 1
            if needed[Int(byte)] {
                next = write(byte, at: next)
            } else {
                next.pointee = byte
                next += 1
            }
        }
        return next - first
    }

    /// Writes the escape of one byte and returns what is behind it.
    private func write(_ byte: UInt8, at target: UnsafeMutablePointer<UInt8>) -> UnsafeMutablePointer<UInt8> {
        var next = target
        func put(_ byte: UInt8) {
            next.pointee = byte
            next += 1
        }
        for _ in 0..<backslashes { put(UInt8(ascii: "\\")) }
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"):
            // Escaped twice, each is a backslash that is escaped, and itself, escaped.
            if backslashes == 2 { put(UInt8(ascii: "\\")) }
            put(byte)
        case 0x0A: put(UInt8(ascii: "n"))
        case 0x0D: put(UInt8(ascii: "r"))
        case 0x09: put(UInt8(ascii: "t"))
        default:
            put(UInt8(ascii: "u"))
            put(UInt8(ascii: "0"))
            put(UInt8(ascii: "0"))
            put(Hex.digit(byte >> 4))
            put(Hex.digit(byte & 15))
        }
        return next
    }
}
