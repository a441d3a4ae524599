/// Divides RTF into its tokens (RTF specification 1.9.1, "Conventions of an RTF Reader").
struct RTFTokenizer {
    enum Token: Equatable {
        case open
        case close
        /// A word after a backslash, with its number.
        case word(String, Int?)
        /// A sign after a backslash: `*`, `~`, `-`, `_`, …
        case sign(UInt8)
        /// A byte of text: written as it is, or in hexadecimal digits.
        case byte(UInt8)
    }

    /// The specification's limit for words, and a length of numbers beyond any that have a meaning.
    private static let longestWord = 32
    private static let longestNumber = 10

    private let bytes: [UInt8]
    private var index = 0

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    /// The next token; nil at the end. Line breaks have no meaning.
    mutating func next() -> Token? {
        while index < bytes.count {
            let byte = bytes[index]
            index += 1
            switch byte {
            case UInt8(ascii: "{"): return .open
            case UInt8(ascii: "}"): return .close
            case UInt8(ascii: "\\"): if let token = control() { return token }
            case 10, 13, 0: continue
            default: return .byte(byte)
            }
        }
        return nil
    }

    private mutating func control() -> Token? {
        guard index < bytes.count else { return nil }
        if TextBytes.isLetter(bytes[index]) { return word() }
        let sign = bytes[index]
        index += 1
        switch sign {
        case UInt8(ascii: "'"):
            guard index + 1 < bytes.count, let high = Self.digit(bytes[index]), let low = Self.digit(bytes[index + 1])
            else { return nil }
            index += 2
            return .byte(high << 4 | low)
        case UInt8(ascii: "{"), UInt8(ascii: "}"), UInt8(ascii: "\\"): return .byte(sign)
        // A line break after a backslash ends a paragraph.
        case 10, 13: return .word("par", nil)
        default: return .sign(sign)
        }
    }

    private mutating func word() -> Token {
        let start = index
        while index < bytes.count, TextBytes.isLetter(bytes[index]), index - start < Self.longestWord { index += 1 }
        let name = String(decoding: bytes[start..<index], as: UTF8.self)
        let number = readNumber()
        if index < bytes.count, bytes[index] == 0x20 { index += 1 }
        // The data of a picture, which may contain anything.
        if name == "bin", let number, number > 0 { index = min(bytes.count, index + number) }
        return .word(name, number)
    }

    private mutating func readNumber() -> Int? {
        let start = index
        var end = index
        if end < bytes.count, bytes[end] == UInt8(ascii: "-") { end += 1 }
        let digits = end
        while end < bytes.count, TextBytes.isDigit(bytes[end]) { end += 1 }
        guard end > digits else { return nil }
        index = end
        return Int(String(decoding: bytes[start..<min(end, digits + Self.longestNumber)], as: UTF8.self))
    }

    private static func digit(_ byte: UInt8) -> UInt8? {
        if TextBytes.isDigit(byte) { return byte - 0x30 }
        let letter = TextBytes.lowercase(byte)
        return (0x61...0x66).contains(letter) ? letter - 0x57 : nil
    }
}
