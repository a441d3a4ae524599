/// A strict scanner for JSON (RFC 8259). It reports events and builds nothing.
struct JSONScanner {
    static let maximumDepth = 128

    struct Failure: Error {
        let reason: String
        let offset: Int
        var isUnexpectedEnd: Bool { reason == Self.unexpectedEnd }
        static let unexpectedEnd = "unexpected end"
    }

    enum Event {
        case open, close
        /// A member's name, before its value; or the start of an array element.
        case key([UInt8])
        case element(Int)
        /// A decoded string, or a number or literal as written.
        case value([UInt8])
    }

    private let bytes: [UInt8]
    private var index = 0

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    /// Whether the text is JSON, or could be the beginning of JSON.
    static func isPlausible(_ bytes: [UInt8], isWhole: Bool) -> Bool {
        var scanner = JSONScanner(bytes)
        do throws(Failure) {
            try scanner.scanDocument { _ in }
            return true
        } catch {
            return error.isUnexpectedEnd && !isWhole
        }
    }

    mutating func scanDocument(_ report: (Event) -> Void) throws(Failure) {
        try scanValue(depth: 0, report)
        skipSpace()
        if index < bytes.count { throw failure("unexpected text after the end") }
    }

    private func failure(_ reason: String) -> Failure {
        Failure(reason: index < bytes.count ? reason : Failure.unexpectedEnd, offset: index)
    }

    private mutating func skipSpace() {
        while index < bytes.count,
            bytes[index] == 0x20 || bytes[index] == 10 || bytes[index] == 13 || bytes[index] == 9
        {
            index += 1
        }
    }

    /// Consumes `byte` if it is next; returns whether it was.
    private mutating func take(_ byte: UInt8) -> Bool {
        skipSpace()
        guard index < bytes.count, bytes[index] == byte else { return false }
        index += 1
        return true
    }

    private mutating func scanValue(depth: Int, _ report: (Event) -> Void) throws(Failure) {
        skipSpace()
        guard index < bytes.count else { throw failure("") }
        guard depth < Self.maximumDepth else { throw failure("too many levels") }
        switch bytes[index] {
        case UInt8(ascii: "{"): try scanObject(depth: depth, report)
        case UInt8(ascii: "["): try scanArray(depth: depth, report)
        case UInt8(ascii: "\""): report(.value(try scanString()))
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"):
            report(.value(try scanNumber()))
        default: report(.value(try scanLiteral()))
        }
    }

    private mutating func scanObject(depth: Int, _ report: (Event) -> Void) throws(Failure) {
        index += 1
        report(.open)
        if !take(UInt8(ascii: "}")) {
            repeat {
                skipSpace()
                guard index < bytes.count, bytes[index] == UInt8(ascii: "\"") else {
                    throw failure("expected a name")
                }
                report(.key(try scanString()))
                guard take(UInt8(ascii: ":")) else { throw failure("expected a colon") }
                try scanValue(depth: depth + 1, report)
            } while take(UInt8(ascii: ","))
            guard take(UInt8(ascii: "}")) else { throw failure("expected a comma or }") }
        }
        report(.close)
    }

    private mutating func scanArray(depth: Int, _ report: (Event) -> Void) throws(Failure) {
        index += 1
        report(.open)
        if !take(UInt8(ascii: "]")) {
            var element = 0
            repeat {
                report(.element(element))
                try scanValue(depth: depth + 1, report)
                element += 1
            } while take(UInt8(ascii: ","))
            guard take(UInt8(ascii: "]")) else { throw failure("expected a comma or ]") }
        }
        report(.close)
    }

    private mutating func scanLiteral() throws(Failure) -> [UInt8] {
        for literal: StaticString in ["true", "false", "null"] {
            let text = literal.withUTF8Buffer { Array($0) }
            let found = bytes[index...].prefix(text.count)
            if found.elementsEqual(text) {
                index += text.count
                return text
            }
            if index + found.count == bytes.count, text.starts(with: found) {
                index = bytes.count
                throw failure("")
            }
        }
        throw failure("expected a value")
    }

    private mutating func scanNumber() throws(Failure) -> [UInt8] {
        let start = index
        if bytes[index] == UInt8(ascii: "-") { index += 1 }
        let firstDigit = index
        try scanDigits()
        if bytes[firstDigit] == UInt8(ascii: "0"), index > firstDigit + 1 {
            throw failure("a number with leading zeros")
        }
        if index < bytes.count, bytes[index] == UInt8(ascii: ".") {
            index += 1
            try scanDigits()
        }
        if index < bytes.count, TextBytes.lowercase(bytes[index]) == UInt8(ascii: "e") {
            index += 1
            if index < bytes.count, bytes[index] == 0x2B || bytes[index] == 0x2D { index += 1 }
            try scanDigits()
        }
        return Array(bytes[start..<index])
    }

    private mutating func scanDigits() throws(Failure) {
        let start = index
        while index < bytes.count, TextBytes.isDigit(bytes[index]) { index += 1 }
        if index == start { throw failure("expected a digit") }
    }
}

extension JSONScanner {
    private mutating func scanString() throws(Failure) -> [UInt8] {
        index += 1
        var text: [UInt8] = []
        while index < bytes.count {
            let byte = bytes[index]
            switch byte {
            case UInt8(ascii: "\""):
                index += 1
                return text
            case UInt8(ascii: "\\"): try scanEscape(into: &text)
            case 0..<0x20: throw failure("a control character in a string")
            default:
                text.append(byte)
                index += 1
            }
        }
        throw failure("")
    }

    private mutating func scanEscape(into text: inout [UInt8]) throws(Failure) {
        index += 1
        guard index < bytes.count else { throw failure("") }
        switch bytes[index] {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): text.append(bytes[index])
        case UInt8(ascii: "b"), UInt8(ascii: "f"): text.append(0x20)
        case UInt8(ascii: "n"): text.append(10)
        case UInt8(ascii: "r"): text.append(13)
        case UInt8(ascii: "t"): text.append(9)
        case UInt8(ascii: "u"):
            index += 1
            text.append(contentsOf: String(try scanUnicodeEscape()).utf8)
            return
        default: throw failure("an unknown escape")
        }
        index += 1
    }

    /// Reads the rest of one or two `\u` escapes after the first `\u`. An unpaired surrogate becomes U+FFFD.
    private mutating func scanUnicodeEscape() throws(Failure) -> Unicode.Scalar {
        let high = try scanFourDigits()
        guard (0xD800..<0xDC00).contains(high) else { return Unicode.Scalar(high) ?? "\u{FFFD}" }
        guard index + 1 < bytes.count, bytes[index] == UInt8(ascii: "\\"),
            bytes[index + 1] == UInt8(ascii: "u")
        else { return "\u{FFFD}" }
        let second = index
        index += 2
        let low = try scanFourDigits()
        guard (0xDC00..<0xE000).contains(low) else {
            index = second
            return "\u{FFFD}"
        }
        return Unicode.Scalar(0x1_0000 + ((high - 0xD800) << 10) + (low - 0xDC00)) ?? "\u{FFFD}"
    }

    private mutating func scanFourDigits() throws(Failure) -> UInt32 {
        guard index + 4 <= bytes.count else {
            index = bytes.count
            throw failure("")
        }
        var value: UInt32 = 0
        for byte in bytes[index..<(index + 4)] {
            let letter = TextBytes.lowercase(byte)
            switch letter {
            case 0x30...0x39: value = value << 4 | UInt32(letter - 0x30)
            case 0x61...0x66: value = value << 4 | UInt32(letter - 0x57)
            default: throw failure("expected a hexadecimal digit")
            }
        }
        index += 4
        return value
    }
}
