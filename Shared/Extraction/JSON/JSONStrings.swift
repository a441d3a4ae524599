/// Strings and their escapes.
extension JSONScanner {
    /// Reads a string with its quotes, of either kind.
    mutating func scanString() throws(Failure) -> [UInt8] {
        let quote = bytes[index]
        index += 1
        var text: [UInt8] = []
        while index < end {
            let byte = bytes[index]
            switch byte {
            case quote:
                index += 1
                return text
            case UInt8(ascii: "\\"): try scanEscape(into: &text)
            case 0..<0x20 where !isLenient: throw failure("a control character in a string")
            default:
                text.append(byte)
                index += 1
            }
        }
        throw failure("")
    }

    private mutating func scanEscape(into text: inout [UInt8]) throws(Failure) {
        index += 1
        guard index < end else { throw failure("") }
        switch bytes[index] {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): text.append(bytes[index])
        case UInt8(ascii: "b"), UInt8(ascii: "f"): text.append(0x20)
        case UInt8(ascii: "n"): text.append(10)
        case UInt8(ascii: "r"): text.append(13)
        case UInt8(ascii: "t"): text.append(9)
        case UInt8(ascii: "u"):
            index += 1
            // No text contains a NUL, and some programs end a text at one.
            let scalar = try scanUnicodeEscape()
            if scalar != "\0" { text.append(contentsOf: String(scalar).utf8) }
            return
        case let other where isLenient: text.append(other)
        default: throw failure("an unknown escape")
        }
        index += 1
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
