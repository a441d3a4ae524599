import Wire

/// Reads values within a line, as YAML's flow style and TOML write them: strings in quotes, `[a, b]`, `{a: b}`, numbers.
struct FieldScanner {
    static let maximumDepth = 16

    let bytes: [UInt8]
    private(set) var index = 0
    /// What separates names from values: `:` in YAML, `=` in TOML.
    private let sign: UInt8
    private var isYAML: Bool { sign == UInt8(ascii: ":") }

    init(_ bytes: some Sequence<UInt8>, sign: UInt8) {
        self.bytes = Array(bytes)
        self.sign = sign
    }

    var isAtEnd: Bool { index >= bytes.count }

    /// The value that the bytes consist of, apart from a comment; nil if they are not one value.
    static func value(of bytes: some Sequence<UInt8>, sign: UInt8) -> JSON? {
        var scanner = FieldScanner(bytes, sign: sign)
        guard let value = scanner.value(depth: 0, isNested: false) else { return nil }
        scanner.skipSpace()
        return scanner.isAtEnd ? value : nil
    }

    /// Skips white space and comments. A `#` within a word is part of it.
    mutating func skipSpace() {
        while index < bytes.count {
            if TextBytes.isSpace(bytes[index]) {
                index += 1
            } else if bytes[index] == UInt8(ascii: "#"), index == 0 || TextBytes.isSpace(bytes[index - 1]) || !isYAML {
                while index < bytes.count, bytes[index] != 10 { index += 1 }
            } else {
                return
            }
        }
    }

    mutating func take(_ byte: UInt8) -> Bool {
        guard index < bytes.count, bytes[index] == byte else { return false }
        index += 1
        return true
    }

    /// - Parameter isNested: whether the value is in brackets, where commas and brackets end it.
    mutating func value(depth: Int, isNested: Bool) -> JSON? {
        skipSpace()
        guard index < bytes.count, depth < Self.maximumDepth else { return nil }
        switch bytes[index] {
        case UInt8(ascii: "\""), UInt8(ascii: "'"): return string().map { .string($0) }
        case UInt8(ascii: "["): return array(depth: depth)
        case UInt8(ascii: "{"): return object(depth: depth)
        default:
            let text = word(isNested: isNested)
            return text.isEmpty ? nil : Self.scalar(text)
        }
    }

    private mutating func array(depth: Int) -> JSON? {
        index += 1
        var items: [JSON] = []
        while true {
            skipSpace()
            if take(UInt8(ascii: "]")) { return .array(items) }
            guard let item = value(depth: depth + 1, isNested: true) else { return nil }
            items.append(item)
            skipSpace()
            if !take(UInt8(ascii: ",")), index >= bytes.count || bytes[index] != UInt8(ascii: "]") { return nil }
        }
    }

    private mutating func object(depth: Int) -> JSON? {
        index += 1
        var members = JSONObject()
        while true {
            skipSpace()
            if take(UInt8(ascii: "}")) { return .object(members) }
            guard let name = name() else { return nil }
            skipSpace()
            guard take(sign), let item = value(depth: depth + 1, isNested: true), members[name] == nil
            else { return nil }
            members.append(name, item)
            skipSpace()
            if !take(UInt8(ascii: ",")), index >= bytes.count || bytes[index] != UInt8(ascii: "}") { return nil }
        }
    }

    /// A name before the sign, in quotes or without.
    mutating func name() -> String? {
        guard index < bytes.count else { return nil }
        if bytes[index] == UInt8(ascii: "\"") || bytes[index] == UInt8(ascii: "'") { return string() }
        let start = index
        while index < bytes.count, bytes[index] != sign, !",{}[]\n".utf8.contains(bytes[index]) { index += 1 }
        let name = TextBytes.collapse(bytes[start..<index])
        return name.isEmpty ? nil : String(decoding: name, as: UTF8.self)
    }

    /// A value without quotes, up to a comment.
    private mutating func word(isNested: Bool) -> String {
        let start = index
        while index < bytes.count {
            let byte = bytes[index]
            if isNested, ",[]{}".utf8.contains(byte) { break }
            if byte == UInt8(ascii: "#"), index > start, TextBytes.isSpace(bytes[index - 1]) { break }
            if byte == 10, !isYAML { break }
            index += 1
        }
        return Self.text(TextBytes.collapse(bytes[start..<index]))
    }

    /// The value that a word means: nothing, yes or no, a number, or itself.
    static func scalar(_ text: String) -> JSON {
        switch text {
        case "null", "Null", "NULL", "~": return .null
        case "true", "True", "TRUE": return .bool(true)
        case "false", "False", "FALSE": return .bool(false)
        default: break
        }
        let digits = text.utf8.drop { $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: "+") }
        guard let first = digits.first, TextBytes.isDigit(first), text.utf8.count - digits.count <= 1,
            // `007` and `1_000` are identifiers as often as numbers.
            first != UInt8(ascii: "0") || digits.count == 1 || digits.dropFirst().first == UInt8(ascii: "."),
            text.utf8.allSatisfy({ TextBytes.isDigit($0) || "+-.eE".utf8.contains($0) })
        else { return .string(text) }
        if let number = Int64(text) { return .int(number) }
        guard text.utf8.contains(UInt8(ascii: ".")), let number = Double(text), number.isFinite else {
            return .string(text)
        }
        return .double(number)
    }

    // MARK: Strings

    /// A string in quotes; nil if it is not closed.
    mutating func string() -> String? {
        let quote = bytes[index]
        let isLiteral = quote == UInt8(ascii: "'")
        index += 1
        // TOML has strings of several lines, in three quotes.
        if !isYAML, index + 1 < bytes.count, bytes[index] == quote, bytes[index + 1] == quote {
            index += 2
            return longString(quote)
        }
        var text: [UInt8] = []
        while index < bytes.count {
            let byte = bytes[index]
            index += 1
            if byte == quote {
                // Within single quotes, YAML doubles them.
                guard isLiteral, isYAML, take(quote) else { return Self.text(text) }
                text.append(quote)
            } else if byte == UInt8(ascii: "\\"), !isLiteral {
                takeEscape(into: &text)
            } else {
                text.append(byte)
            }
        }
        return nil
    }

    private mutating func longString(_ quote: UInt8) -> String? {
        var text: [UInt8] = []
        while index < bytes.count {
            if bytes[index...].starts(with: [quote, quote, quote]) {
                index += 3
                return Self.text(text)
            }
            if bytes[index] == UInt8(ascii: "\\"), quote == UInt8(ascii: "\"") {
                index += 1
                takeEscape(into: &text)
            } else {
                text.append(bytes[index])
                index += 1
            }
        }
        return nil
    }

    /// Lines of a string are joined. NULs are left out: metadata cannot have any.
    private static func text(_ bytes: [UInt8]) -> String {
        let joined = bytes.contains(10) ? TextBytes.collapse(bytes) : bytes
        return String(decoding: joined.lazy.filter { $0 != 0 }, as: UTF8.self)
    }

    /// Reads an escape after its backslash. NULs are left out, and unknown escapes stand for their letter.
    private mutating func takeEscape(into text: inout [UInt8]) {
        guard index < bytes.count else { return }
        let byte = bytes[index]
        index += 1
        switch byte {
        case UInt8(ascii: "n"): text.append(10)
        case UInt8(ascii: "t"): text.append(9)
        case UInt8(ascii: "r"): text.append(13)
        case UInt8(ascii: "0"): break
        case UInt8(ascii: "x"): takeScalar(digits: 2, into: &text)
        case UInt8(ascii: "u"): takeScalar(digits: 4, into: &text)
        case UInt8(ascii: "U"): takeScalar(digits: 8, into: &text)
        default: text.append(byte)
        }
    }

    private mutating func takeScalar(digits: Int, into text: inout [UInt8]) {
        let number = bytes[index...].prefix(digits).prefix(while: ASCII.isHexDigit)
        index += number.count
        guard let value = UInt32(String(decoding: number, as: UTF8.self), radix: 16), value != 0,
            let scalar = Unicode.Scalar(value)
        else { return }
        text.append(contentsOf: String(scalar).utf8)
    }
}
