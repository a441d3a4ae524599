/// ISO-2022-JP (RFC 1468), the encoding of Japanese e-mail: escape sequences switch between character sets of seven bits.
enum ISO2022JP {
    private static let escape: UInt8 = 0x1B

    /// ISO-2022-JP, if the bytes have its escape sequence for Japanese characters, which no other text has.
    static func encoding(of bytes: [UInt8]) -> TextEncoding? {
        var rest = bytes[...]
        while let start = rest.firstIndex(of: escape) {
            rest = rest[(start + 1)...]
            if rest.starts(with: "$B".utf8) || rest.starts(with: "$@".utf8) {
                return TextEncoding(named: "iso-2022-jp")
            }
        }
        return nil
    }

    private enum CharacterSet { case ascii, katakana, jis }

    static func decode(_ bytes: UnsafeBufferPointer<UInt8>) -> [UInt8] {
        var text = DecodedText(capacity: bytes.count * 3 / 2)
        var set = CharacterSet.ascii
        var index = 0
        while index < bytes.count {
            let byte = bytes[index]
            if byte == escape, index + 2 < bytes.count, let next = characterSet(bytes[index + 1], bytes[index + 2]) {
                set = next
                index += 3
            } else if byte <= 0x20 || set == .ascii {
                // A line ends in ASCII, even if nobody switched back.
                if byte == 0x0A { set = .ascii }
                text.append(byte < 0x80 ? Unicode.Scalar(byte) : nil)
                index += 1
            } else if set == .katakana {
                text.append(0x21...0x5F ~= byte ? Unicode.Scalar(0xFF61 + UInt32(byte) - 0x21) : nil)
                index += 1
            } else {
                let trail = index + 1 < bytes.count ? bytes[index + 1] : 0
                let isPair = 0x21...0x7E ~= byte && 0x21...0x7E ~= trail
                let scalar =
                    isPair ? MultiByteTables.jis[(Int(byte) - 0x21) * 94 + Int(trail) - 0x21] : EncodingTables.none
                text.append(scalar == EncodingTables.none ? nil : scalar)
                index += isPair ? 2 : 1
            }
        }
        return text.utf8
    }

    /// The character set to which an escape sequence switches; nil for others.
    private static func characterSet(_ first: UInt8, _ second: UInt8) -> CharacterSet? {
        switch (first, second) {
        case (UInt8(ascii: "("), UInt8(ascii: "B")), (UInt8(ascii: "("), UInt8(ascii: "J")): .ascii
        case (UInt8(ascii: "("), UInt8(ascii: "I")): .katakana
        case (UInt8(ascii: "$"), UInt8(ascii: "B")), (UInt8(ascii: "$"), UInt8(ascii: "@")): .jis
        default: nil
        }
    }
}
