/// The role of a scalar in a word.
enum ScalarClass {
    static let `break`: UInt8 = 0
    /// A letter that is not a capital, of a script with spaces.
    static let letter: UInt8 = 1
    static let upper: UInt8 = 2
    static let digit: UInt8 = 3
    /// A combining mark. It belongs to the letter before it.
    static let mark: UInt8 = 4
    /// Soft hyphens, joiners, variation selectors: words do not have them.
    static let ignored: UInt8 = 5
    /// A letter of a script without spaces.
    static let unspaced: UInt8 = 6
    static let emoji: UInt8 = 7
    /// Punctuation that can be inside a word: `'`, `.`, `-`.
    static let sign: UInt8 = 8
    /// A flag: the scalar has another form in NFKC.
    static let compatible: UInt8 = 16

    /// The class of a scalar, with ``compatible`` where it applies.
    @inline(__always)
    static func of(_ scalar: UInt32) -> UInt8 {
        guard scalar < 0x20000 else { return ofSupplementary(scalar) }
        let index = ScalarClasses.index.utf8Start + Int(scalar >> 6) * 2
        let block = Int(index[0] &- base) << 6 | Int(index[1] &- base)
        return ScalarClasses.blocks.utf8Start[block << 6 | Int(scalar & 63)] &- base
    }

    /// Whether words consist of a class: letters, digits and marks.
    @inline(__always)
    static func isWord(_ kind: UInt8) -> Bool { kind & 15 &- 1 < 4 }

    private static let base = UInt8(ascii: "0")

    private static func ofSupplementary(_ scalar: UInt32) -> UInt8 {
        switch scalar {
        case 0x2F800...0x2FA1F: unspaced | compatible
        case 0x20000...0x323AF: unspaced
        case 0xE0000...0xE0FFF: ignored
        case 0xF0000...: letter
        default: `break`
        }
    }

    /// Bits for the class of an ASCII byte; they can be combined.
    static let lowerBit: UInt8 = 1
    static let upperBit: UInt8 = 2
    static let digitBit: UInt8 = 4

    @inline(__always)
    static func bits(_ byte: UInt8) -> UInt8 {
        if byte &- 0x61 < 26 { return lowerBit }
        if byte &- 0x41 < 26 { return upperBit }
        if byte &- 0x30 < 10 { return digitBit }
        return 0
    }

    /// Whether an ASCII byte can be inside a word without being a letter or a digit.
    @inline(__always)
    static func isSign(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "'"), UInt8(ascii: "."), UInt8(ascii: ","), UInt8(ascii: ":"), UInt8(ascii: "_"),
            UInt8(ascii: "-"), UInt8(ascii: "&"), UInt8(ascii: "+"), UInt8(ascii: "#"), UInt8(ascii: "/"),
            UInt8(ascii: "@"):
            true
        default: false
        }
    }
}

extension Unicode.Scalar {
    /// Whether it is a letter of a script that does not separate words: Han, Kana, Hangul, Thai and others. Texts in
    /// these are compared by pairs of letters.
    public var isOfUnspacedScript: Bool { ScalarClass.of(value) & 15 == ScalarClass.unspaced }
}
