/// Text in UTF-16 without a byte order mark.
enum WideText {
    /// How much of a file is judged.
    private static let sampleSize = 8_192

    /// UTF-16, if that is what the bytes are; nil for others. Half of an ASCII letter is NUL, which other text does not
    /// contain.
    static func encoding(of bytes: [UInt8]) -> TextEncoding? {
        guard bytes.count >= 4, bytes.count % 2 == 0 else { return nil }
        let sample = Array(bytes.prefix(sampleSize))
        var nulls = [0, 0]
        for index in sample.indices where sample[index] == 0 { nulls[index % 2] += 1 }
        guard nulls[0] + nulls[1] > 0, !isNarrow(sample, nulls: nulls[0] + nulls[1]) else { return nil }
        let likely: [TextEncoding] = [.utf16LittleEndian, .utf16BigEndian]
        return (nulls[1] >= nulls[0] ? likely : likely.reversed()).first { isText(sample, as: $0) }
    }

    /// The order of bytes of text that somebody says is UTF-16, which can be wrong; nil if it is not UTF-16.
    static func encoding(of bytes: [UInt8], declared: TextEncoding) -> TextEncoding? {
        if let wide = encoding(of: bytes) { return wide }
        let orders = orders(of: bytes, declared: true)
        return orders.contains(declared) ? declared : orders.first
    }

    /// Whether bytes can be UTF-16 at all: in one order of bytes, at most one of fifty scalars has no meaning.
    static func canBe(_ bytes: [UInt8]) -> Bool {
        guard bytes.count % 2 == 0 else { return false }
        let sample = Array(bytes.prefix(sampleSize))
        let orders: [TextEncoding] = [.utf16LittleEndian, .utf16BigEndian]
        return orders.contains { encoding in
            let scalars = String(decoding: TextDecoder.decode(sample, as: encoding), as: UTF8.self).unicodeScalars
            return scalars.count(where: isStrange) <= 1 + scalars.count / 50
        }
    }

    private static func isStrange(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .control: scalar != "\t" && scalar != "\n" && scalar != "\r"
        case .unassigned, .privateUse: true
        default: scalar == EncodingTables.none
        }
    }

    /// The orders of bytes in which text without NULs can be UTF-16: those that make it of common letters.
    static func orders(of bytes: [UInt8], declared: Bool = false) -> [TextEncoding] {
        let sample = Array(bytes.prefix(sampleSize))
        guard declared || !isNarrow(sample, nulls: 0) else { return [] }
        let orders = [.utf16LittleEndian, .utf16BigEndian].filter { isText(sample, as: $0) }
        let costs = orders.map { (order: $0, cost: cost(of: sample, as: $0)) }.filter { $0.cost <= mostCost }
        guard let least = costs.map(\.cost).min() else { return [] }
        return costs.filter { $0.cost < least + clearDifference }.map(\.order)
    }

    /// The information of a letter in half bits, on average: at most, and the difference that decides between two
    /// readings.
    private static let mostCost = 25
    private static let clearDifference = 3

    private static func cost(of sample: [UInt8], as encoding: TextEncoding) -> Int {
        let scalars = String(decoding: TextDecoder.decode(sample, as: encoding), as: UTF8.self).unicodeScalars
        let languages = [MultiByteEncoding.shiftJIS, .gb18030, .big5, .eucKR].map(CommonCharacters.of)
        let costs = languages.map { language in
            scalars.reduce(0) { sum, scalar in
                switch scalar.value {
                // Nearly all Latin text contains NULs.
                case 0x370..<0xF00: sum + 12
                default: sum + language.cost(of: scalar, after: scalar)
                }
            }
        }
        return (costs.min() ?? 0) / max(scalars.count, 1)
    }

    /// Whether a sample is text with one byte per letter and a few NULs, two letters of which look like a Chinese one.
    /// Text in UTF-16 has many NULs, or many bytes that are control characters, or neither ASCII nor UTF-8.
    private static func isNarrow(_ sample: [UInt8], nulls: Int) -> Bool {
        if nulls * 10 >= sample.count * 3 { return false }
        let others = sample.count { $0 != 0 && !(0x20..<0x7F).contains($0) && !TextBytes.isSpace($0) }
        let controls = sample.count { $0 != 0 && $0 < 0x20 && !TextBytes.isSpace($0) }
        if controls * 20 > sample.count { return false }
        return others * 5 < sample.count || String(validating: sample, as: UTF8.self) != nil
    }

    private static func isText(_ sample: [UInt8], as encoding: TextEncoding) -> Bool {
        let pairs = stride(from: 0, to: sample.count - 1, by: 2)
        guard !pairs.contains(where: { sample[$0] == 0 && sample[$0 + 1] == 0 }) else { return false }
        let scalars = String(decoding: TextDecoder.decode(sample, as: encoding), as: UTF8.self).unicodeScalars
        var (strange, usual) = (0, 0)
        for scalar in scalars {
            switch scalar.value {
            case 9, 10, 13, 0x20...0x7E, 0xA0...0x24F, 0x370...0x6FF, 0x900...0xEFF, 0x2010...0x203A, 0x3000...0x30FF,
                0x4E00...0x9FFF, 0xAC00...0xD7A3, 0xFF00...0xFF9F:
                usual += 1
            default: if isStrange(scalar) { strange += 1 }
            }
        }
        // The sample may end within a surrogate pair.
        return strange <= 1 + scalars.count / 200 && usual * 10 > scalars.count * 8
    }
}
