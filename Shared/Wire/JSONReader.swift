// Over 300 lines: one parser, whose parts share its position in the text.

/// Why text is not valid JSON, and the byte offset of the error.
public struct JSONError: Error, Equatable, CustomStringConvertible {
    public var reason: String
    public var offset: Int
    public var description: String { "\(reason) at byte \(offset)" }

    public init(reason: String, offset: Int) {
        self.reason = reason
        self.offset = offset
    }
}

/// A strict pull parser for JSON (RFC 8259) that works on the bytes in place.
///
/// Callers walk the document and read what they need. Everything else is skipped without creating values. The depth is
/// limited, so a megabyte of `[` is an error rather than a stack overflow.
public struct JSONReader {
    /// The deepest nesting accepted.
    public static let maximumDepth = 128

    private let bytes: UnsafeBufferPointer<UInt8>
    public private(set) var offset = 0
    private var depth = 0
    private let repairsSurrogates: Bool

    /// - Parameter repairsSurrogates: whether an escaped surrogate without its other half, which UTF-8 cannot encode,
    ///   becomes U+FFFD. Otherwise it is an error, because a repair would make different passwords equal. Some model
    ///   providers cut a stream between the halves, so their responses are repaired.
    public init(_ bytes: UnsafeBufferPointer<UInt8>, repairsSurrogates: Bool = false) {
        self.bytes = bytes
        self.repairsSurrogates = repairsSurrogates
    }

    /// Reads a complete document.
    public static func parse(
        _ bytes: UnsafeBufferPointer<UInt8>, repairsSurrogates: Bool = false
    ) throws(JSONError) -> JSON {
        var reader = JSONReader(bytes, repairsSurrogates: repairsSurrogates)
        let value = try reader.readValue()
        try reader.finish()
        return value
    }

    public static func parse(_ text: String) throws(JSONError) -> JSON {
        var text = text
        let result: Result<JSON, JSONError> = text.withUTF8 { bytes in
            do throws(JSONError) { return .success(try parse(bytes)) } catch { return .failure(error) }
        }
        return try result.get()
    }

    // MARK: Walking

    public enum Kind { case object, array, string, number, bool, null }

    /// The kind of the next value, judged by its first byte.
    public mutating func peek() throws(JSONError) -> Kind {
        skipWhitespace()
        guard offset < bytes.count else { throw fail("Unexpected end") }
        switch bytes[offset] {
        case UInt8(ascii: "{"): return .object
        case UInt8(ascii: "["): return .array
        case UInt8(ascii: "\""): return .string
        case UInt8(ascii: "t"), UInt8(ascii: "f"): return .bool
        case UInt8(ascii: "n"): return .null
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return .number
        default: throw fail("Unexpected character")
        }
    }

    /// Calls `body` at the value of each member; it must read or skip exactly that value.
    public mutating func readObject(
        _ body: (inout JSONReader, _ key: String) throws(JSONError) -> Void
    ) throws(JSONError) {
        try open(UInt8(ascii: "{"))
        if close(UInt8(ascii: "}")) { return }
        while true {
            skipWhitespace()
            let key = try readString()
            skipWhitespace()
            guard take(UInt8(ascii: ":")) else { throw fail("Expected ':'") }
            try body(&self, key)
            if close(UInt8(ascii: "}")) { return }
            guard take(UInt8(ascii: ",")) else { throw fail("Expected ',' or '}'") }
        }
    }

    /// Calls `body` at each item; it must read or skip exactly that item.
    public mutating func readArray(_ body: (inout JSONReader) throws(JSONError) -> Void) throws(JSONError) {
        try open(UInt8(ascii: "["))
        if close(UInt8(ascii: "]")) { return }
        while true {
            skipWhitespace()
            try body(&self)
            if close(UInt8(ascii: "]")) { return }
            guard take(UInt8(ascii: ",")) else { throw fail("Expected ',' or ']'") }
        }
    }

    public mutating func readValue() throws(JSONError) -> JSON {
        switch try peek() {
        case .object:
            var object = JSONObject()
            try readObject { (reader, key) throws(JSONError) in object.append(key, try reader.readValue()) }
            return .object(object)
        case .array:
            var items: [JSON] = []
            try readArray { (reader) throws(JSONError) in items.append(try reader.readValue()) }
            return .array(items)
        case .string: return .string(try readString())
        case .number: return try readNumber()
        case .bool:
            if literal("true") { return .bool(true) }
            if literal("false") { return .bool(false) }
            throw fail("Unexpected character")
        case .null:
            if literal("null") { return .null }
            throw fail("Unexpected character")
        }
    }

    /// Skips and validates the next value, and returns its bytes.
    @discardableResult
    public mutating func skipValue() throws(JSONError) -> UnsafeBufferPointer<UInt8> {
        let kind = try peek()
        let start = offset
        switch kind {
        case .object: try readObject { (reader, _) throws(JSONError) in try reader.skipValue() }
        case .array: try readArray { (reader) throws(JSONError) in try reader.skipValue() }
        case .string: _ = try scanString()
        case .number, .bool, .null: _ = try readValue()
        }
        return UnsafeBufferPointer(rebasing: bytes[start..<offset])
    }

    /// Checks that only white space is left.
    public mutating func finish() throws(JSONError) {
        skipWhitespace()
        if offset < bytes.count { throw fail("Unexpected text after the value") }
    }

    // MARK: Strings

    /// Reads a string.
    public mutating func readString() throws(JSONError) -> String {
        let start = offset
        let (content, hasEscapes) = try scanString()
        guard hasEscapes else { return String(decoding: content, as: UTF8.self) }
        offset = start
        return try readEscaped(capacity: content.count).text
    }

    /// Reads a string as bytes.
    public mutating func readBytes() throws(JSONError) -> [UInt8] {
        // The size of most bodies, so that the buffer does not grow by copying. A client cannot make it larger.
        let content = try readEscaped(capacity: min(bytes.count - offset, 64 * 1024))
        return withExtendedLifetime(content) { Array(content.bytes) }
    }

    /// Reads a base64 string without an intermediate copy; nil if it is not base64.
    public mutating func readBase64() throws(JSONError) -> [UInt8]? {
        let start = offset
        let (content, hasEscapes) = try scanString()
        guard hasEscapes else { return Base64.decode(content) }
        offset = start
        let unescaped = try readEscaped(capacity: content.count)
        return withExtendedLifetime(unescaped) { Base64.decode(unescaped.bytes) }
    }

    private mutating func readEscaped(capacity: Int) throws(JSONError) -> ByteBuffer {
        let content = ByteBuffer(capacity: capacity)
        try readString(into: content)
        return content
    }

    /// Appends the unescaped content of a string, in one pass.
    private mutating func readString(into target: ByteBuffer) throws(JSONError) {
        guard take(UInt8(ascii: "\"")) else { throw fail("Expected a string") }
        let before = target.count
        var hasNonASCII = false
        while true {
            // In blocks, because a long document may follow a short string.
            let block = UnsafeBufferPointer(rebasing: bytes[..<min(bytes.count, offset + 4096)])
            target.appendUninitialized(capacity: block.count - offset) { space in
                guard let first = space.baseAddress else { return 0 }
                let run = JSONStringScan.copyRun(block, from: offset, to: first, hasNonASCII: &hasNonASCII)
                offset += run.read
                return run.written
            }
            guard offset < bytes.count else { throw fail("Unterminated string") }
            switch bytes[offset] {
            case UInt8(ascii: "\""):
                if hasNonASCII, !UTF8Validation.isWellFormed(UnsafeBufferPointer(rebasing: target.bytes[before...])) {
                    throw fail("Ill-formed UTF-8 in the string")
                }
                offset += 1
                return
            case UInt8(ascii: "\\"): try readEscape(into: target)
            case 0..<0x20: throw fail("Unescaped control character in a string")
            case let byte:
                if byte >= 0x80 { hasNonASCII = true }
                target.append(byte)
                offset += 1
            }
        }
    }

    private mutating func readEscape(into target: ByteBuffer) throws(JSONError) {
        let start = offset
        offset += 1
        try checkEscape()
        switch bytes[start + 1] {
        case UInt8(ascii: "b"): target.append(0x08)
        case UInt8(ascii: "f"): target.append(0x0C)
        case UInt8(ascii: "n"): target.append(0x0A)
        case UInt8(ascii: "r"): target.append(0x0D)
        case UInt8(ascii: "t"): target.append(0x09)
        case UInt8(ascii: "u"):
            guard let (scalar, length) = unicodeEscape(at: start) else {
                throw fail("A surrogate without its other half in the string")
            }
            if let encoded = UTF8.encode(scalar) { target.append(contentsOf: encoded) }
            offset = start + length
        case let literal: target.append(literal)
        }
    }

    /// The raw content between the quotes. Its escapes are validated but not replaced.
    private mutating func scanString() throws(JSONError) -> (UnsafeBufferPointer<UInt8>, hasEscapes: Bool) {
        guard take(UInt8(ascii: "\"")) else { throw fail("Expected a string") }
        let start = offset
        var hasEscapes = false
        var hasNonASCII = false
        while true {
            offset += JSONStringScan.plainRun(bytes, from: offset, hasNonASCII: &hasNonASCII)
            guard offset < bytes.count else { throw fail("Unterminated string") }
            switch bytes[offset] {
            case UInt8(ascii: "\""):
                let content = UnsafeBufferPointer(rebasing: bytes[start..<offset])
                if hasNonASCII && !UTF8Validation.isWellFormed(content) { throw fail("Ill-formed UTF-8 in the string") }
                offset += 1
                return (content, hasEscapes)
            case UInt8(ascii: "\\"):
                hasEscapes = true
                offset += 1
                try checkEscape()
            default: throw fail("Unescaped control character in a string")
            }
        }
    }

    private mutating func checkEscape() throws(JSONError) {
        guard offset < bytes.count else { throw fail("Unterminated string") }
        switch bytes[offset] {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"), UInt8(ascii: "b"), UInt8(ascii: "f"),
            UInt8(ascii: "n"), UInt8(ascii: "r"), UInt8(ascii: "t"):
            offset += 1
        case UInt8(ascii: "u"):
            guard offset + 4 < bytes.count, (1...4).allSatisfy({ Hex.value(bytes[offset + $0]) != nil })
            else { throw fail("Bad \\u escape") }
            offset += 5
        default: throw fail("Bad escape")
        }
    }

    /// The scalar of `\uXXXX` or of a surrogate pair, and the length of the escape; nil for half a pair if repairs are
    /// off.
    private func unicodeEscape(at index: Int) -> (Unicode.Scalar, length: Int)? {
        func unit(at start: Int) -> UInt32? {
            guard start + 5 < bytes.count, bytes[start] == UInt8(ascii: "\\"), bytes[start + 1] == UInt8(ascii: "u")
            else { return nil }
            var unit: UInt32 = 0
            for digit in start + 2...start + 5 {
                guard let value = Hex.value(bytes[digit]) else { return nil }
                unit = unit << 4 | UInt32(value)
            }
            return unit
        }
        let replacement: (Unicode.Scalar, length: Int)? = repairsSurrogates ? ("\u{FFFD}", 6) : nil
        guard let high = unit(at: index) else { return replacement }
        if let scalar = Unicode.Scalar(high) { return (scalar, 6) }
        guard (0xD800..<0xDC00).contains(high), let low = unit(at: index + 6), (0xDC00..<0xE000).contains(low)
        else { return replacement }
        let combined = 0x10000 + (high - 0xD800) << 10 + (low - 0xDC00)
        return Unicode.Scalar(combined).map { ($0, 12) } ?? replacement
    }

    // MARK: Numbers

    private mutating func readNumber() throws(JSONError) -> JSON {
        let start = offset
        var isWhole = true
        _ = take(UInt8(ascii: "-"))
        if !take(UInt8(ascii: "0")), skipDigits() == 0 { throw fail("Bad number") }
        if take(UInt8(ascii: ".")) {
            isWhole = false
            if skipDigits() == 0 { throw fail("Bad number") }
        }
        if take(UInt8(ascii: "e")) || take(UInt8(ascii: "E")) {
            isWhole = false
            if !take(UInt8(ascii: "+")) { _ = take(UInt8(ascii: "-")) }
            if skipDigits() == 0 { throw fail("Bad number") }
        }
        let text = String(decoding: bytes[start..<offset], as: UTF8.self)
        if isWhole, let whole = Int64(text) { return .int(whole) }
        guard let number = Double(text), number.isFinite else { throw fail("Number out of range") }
        return .double(number)
    }

    private mutating func skipDigits() -> Int {
        let start = offset
        while offset < bytes.count, ASCII.isDigit(bytes[offset]) { offset += 1 }
        return offset - start
    }

    // MARK: Parts

    private mutating func skipWhitespace() {
        while offset < bytes.count {
            switch bytes[offset] {
            case 0x20, 0x0A, 0x0D, 0x09: offset += 1
            default: return
            }
        }
    }

    private mutating func take(_ byte: UInt8) -> Bool {
        guard offset < bytes.count, bytes[offset] == byte else { return false }
        offset += 1
        return true
    }

    private mutating func open(_ bracket: UInt8) throws(JSONError) {
        skipWhitespace()
        guard take(bracket) else { throw fail("Expected '\(Unicode.Scalar(bracket))'") }
        depth += 1
        if depth > Self.maximumDepth { throw fail("Nested deeper than \(Self.maximumDepth) levels") }
    }

    private mutating func close(_ bracket: UInt8) -> Bool {
        skipWhitespace()
        guard take(bracket) else { return false }
        depth -= 1
        return true
    }

    private mutating func literal(_ word: StaticString) -> Bool {
        let length = word.utf8CodeUnitCount
        guard offset + length <= bytes.count, (0..<length).allSatisfy({ bytes[offset + $0] == word.utf8Start[$0] })
        else { return false }
        offset += length
        return true
    }

    private func fail(_ reason: String) -> JSONError { JSONError(reason: reason, offset: offset) }
}
