/// Writes JSON (RFC 8259) straight into a byte buffer: commas are set by the writer, strings are
/// escaped in one pass. Keys are static, because the names of our fields are.
public struct JSONWriter {
    public let buffer: ByteBuffer
    private var needsComma = false

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
        buffer.appendUninitialized(capacity: length + 4) { target in
            guard var next = target.baseAddress, let first = target.baseAddress else { return 0 }
            if needsComma {
                next.pointee = UInt8(ascii: ",")
                next += 1
            }
            next.pointee = UInt8(ascii: "\"")
            (next + 1).update(from: name.utf8Start, count: length)
            next += length + 1
            next[0] = UInt8(ascii: "\"")
            next[1] = UInt8(ascii: ":")
            return next + 2 - first
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
        buffer.append(UInt8(ascii: "\""))
        time.write(to: buffer)
        buffer.append(UInt8(ascii: "\""))
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
        buffer.append(UInt8(ascii: "\""))
        Base64.encode(bytes, into: buffer)
        buffer.append(UInt8(ascii: "\""))
    }

    /// A value that is JSON already.
    public mutating func raw(_ json: UnsafeBufferPointer<UInt8>) {
        separate()
        buffer.append(json)
    }

    public mutating func raw(_ json: StaticString) {
        separate()
        buffer.append(json)
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
        buffer.append(UInt8(ascii: "\""))
        var start = 0
        // In blocks, so that there is room for the longest escapes without asking at each byte.
        while bytes.count - start > JSONEscape.blockLength {
            write(UnsafeBufferPointer(rebasing: bytes[start..<(start + JSONEscape.blockLength)]), closing: false)
            start += JSONEscape.blockLength
        }
        write(UnsafeBufferPointer(rebasing: bytes[start...]), closing: true)
    }

    private func write(_ block: UnsafeBufferPointer<UInt8>, closing: Bool) {
        buffer.appendUninitialized(capacity: block.count * JSONEscape.maximumLength + 1) { target in
            let used = JSONEscape.copy(block, to: target)
            guard closing else { return used }
            target[used] = UInt8(ascii: "\"")
            return used + 1
        }
    }
}

/// The escapes of RFC 8259 section 7, plus DEL, which terminals and logs do not like.
private enum JSONEscape {
    static let blockLength = 4096
    static let maximumLength = 6

    enum Need { case no, backslash, other }

    /// What each byte needs. A global table, because every byte of every answer is looked up in it;
    /// never written after its initialisation, never freed.
    nonisolated(unsafe) static let needed: UnsafePointer<Need> = {
        let table = UnsafeMutablePointer<Need>.allocate(capacity: 256)
        for byte in 0..<256 {
            switch byte {
            case 0x22, 0x5C: table[byte] = .backslash
            case 0..<0x20, 0x7F: table[byte] = .other
            default: table[byte] = .no
            }
        }
        return UnsafePointer(table)
    }()

    /// Copies `bytes` with their escapes and returns how many bytes that made.
    static func copy(_ bytes: UnsafeBufferPointer<UInt8>, to target: UnsafeMutableBufferPointer<UInt8>) -> Int {
        guard var next = target.baseAddress, let first = target.baseAddress, var source = bytes.baseAddress
        else { return 0 }
        let needed = needed
        let end = source + bytes.count
        while source != end {
            let byte = source.pointee
            source += 1
            switch needed[Int(byte)] {
            case .no:
                next.pointee = byte
                next += 1
            case .backslash:
                // JSON inside JSON, as every answer in its envelope is, consists of quotes.
                next[0] = UInt8(ascii: "\\")
                next[1] = byte
                next += 2
            case .other: next = write(byte, at: next)
            }
        }
        return next - first
    }

    /// Writes the escape of a control character and returns what is behind it.
    private static func write(_ byte: UInt8, at target: UnsafeMutablePointer<UInt8>) -> UnsafeMutablePointer<UInt8> {
        target[0] = UInt8(ascii: "\\")
        switch byte {
        case 0x0A: target[1] = UInt8(ascii: "n")
        case 0x0D: target[1] = UInt8(ascii: "r")
        case 0x09: target[1] = UInt8(ascii: "t")
        default:
            target[1] = UInt8(ascii: "u")
            target[2] = UInt8(ascii: "0")
            target[3] = UInt8(ascii: "0")
            target[4] = Hex.digit(byte >> 4)
            target[5] = Hex.digit(byte & 15)
            return target + 6
        }
        return target + 2
    }
}
