import Wire

/// Strings and their escapes.
extension JSONScanner {
    /// Reads a string with its quotes, of either kind.
    mutating func scanString() throws(Failure) -> [UInt8] {
        let quote = bytes[index]
        index += 1
        let start = index
        var text: [UInt8] = []
        var isEscaped = true
        while index < end {
            let byte = bytes[index]
            switch byte {
            case quote:
                index += 1
                return isEscaped ? text : withBackslashes(start..<index - 1) ?? text
            case UInt8(ascii: "\\"): if try !scanEscape(into: &text) { isEscaped = false }
            case 0..<0x20 where !isLenient: throw failure("a control character in a string")
            default:
                text.append(byte)
                index += 1
            }
        }
        throw failure("")
    }

    /// Returns whether the backslash begins an escape. In a lenient scanner, one that does not is text.
    private mutating func scanEscape(into text: inout [UInt8]) throws(Failure) -> Bool {
        index += 1
        guard index < end else { throw failure("") }
        switch bytes[index] {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): text.append(bytes[index])
        case UInt8(ascii: "b"), UInt8(ascii: "f"): text.append(0x20)
        case UInt8(ascii: "n"): text.append(10)
        case UInt8(ascii: "r"): text.append(13)
        case UInt8(ascii: "t"): text.append(9)
        case UInt8(ascii: "u") where !isLenient || isUnicodeEscape:
            index += 1
            // No text contains a NUL, and some programs end a text at one.
            let scalar = try scanUnicodeEscape()
            if scalar != "\0" { text.append(contentsOf: String(scalar).utf8) }
            return true
        // Python and JavaScript escape the other quote, too, and line ends.
        case UInt8(ascii: "'") where isLenient, 10 where isLenient, 13 where isLenient: text.append(bytes[index])
        case let other where isLenient:
            text.append(contentsOf: [UInt8(ascii: "\\"), other])
            index += 1
            return false
        default: throw failure("an unknown escape")
        }
        index += 1
        return true
    }

    /// A string in which backslashes are text, because somebody wrote a path, a pattern or a formula without escapes:
    /// `C:\Users\new` has no line break. Nil if it can just as well be a sentence with an unknown escape.
    private func withBackslashes(_ range: Range<Int>) -> [UInt8]? {
        let source = bytes[range]
        let first = range.lowerBound
        let isPath =
            range.count > 3 && TextBytes.isLetter(bytes[first]) && bytes[first + 1] == UInt8(ascii: ":")
            && bytes[first + 2] == UInt8(ascii: "\\")
        // A name on a network begins with two.
        let isName = source.starts(with: [UInt8(ascii: "\\"), UInt8(ascii: "\\")])
        guard isPath || source.allSatisfy({ 0x21...0x7E ~= $0 }) else { return nil }
        var text: [UInt8] = isName ? [UInt8(ascii: "\\")] : []
        var index = first
        while index < range.upperBound {
            let isPair =
                bytes[index] == UInt8(ascii: "\\") && index + 1 < range.upperBound
                && "\\\"'".utf8.contains(bytes[index + 1])
            if isPair { index += 1 }
            text.append(bytes[index])
            index += 1
        }
        return text
    }

    /// Whether four digits follow.
    private var isUnicodeEscape: Bool {
        index + 4 < end && bytes[index + 1...index + 4].allSatisfy(ASCII.isHexDigit)
    }

    /// Reads the rest of one or two `\u` escapes after the first `\u`. An unpaired surrogate becomes U+FFFD.
    private mutating func scanUnicodeEscape() throws(Failure) -> Unicode.Scalar {
        let high = try scanFourDigits()
        guard (0xD800..<0xDC00).contains(high) else { return Unicode.Scalar(high) ?? "\u{FFFD}" }
        guard index + 1 < end, bytes[index] == UInt8(ascii: "\\"),
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
        guard index + 4 <= end else {
            index = end
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
