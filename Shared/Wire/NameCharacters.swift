/// The characters allowed in a name, for the check and, as parts of a regular expression, for the schema.
public enum NameCharacters {
    /// Controls, line separators, and characters that change the direction of the text around a name (UAX #9 sections
    /// 2.1 to 2.4): with U+202E, `exe.fdp` is displayed as `pdf.exe`. The marks U+200E and U+200F do not affect it.
    static let forbidden = pattern(forbiddenRanges)
    /// Invisible characters, which do not make a name on their own: soft hyphens, joiners, fillers, variation
    /// selectors.
    static let invisible = pattern(invisibleRanges)

    static func isForbidden(_ scalar: Unicode.Scalar) -> Bool { forbiddenRanges.contains { $0.contains(scalar.value) } }

    public static func isInvisible(_ scalar: Unicode.Scalar) -> Bool {
        scalar.properties.isWhitespace || invisibleRanges.contains { $0.contains(scalar.value) }
    }

    private static let forbiddenRanges: [ClosedRange<UInt32>] = [
        0...0x1F, 0x7F...0x9F, 0x2028...0x202E, 0x2066...0x2069,
    ]
    private static let invisibleRanges: [ClosedRange<UInt32>] = [
        0xAD...0xAD, 0x34F...0x34F, 0x61C...0x61C, 0x115F...0x1160, 0x17B4...0x17B5, 0x180B...0x180F, 0x200B...0x200F,
        0x2060...0x206F, 0x2800...0x2800, 0x3164...0x3164, 0xFE00...0xFE0F, 0xFEFF...0xFEFF, 0xFFA0...0xFFA0,
    ]

    private static func pattern(_ ranges: [ClosedRange<UInt32>]) -> String {
        ranges.map { range in
            let (first, last) = (escape(range.lowerBound), escape(range.upperBound))
            return first == last ? first : "\(first)-\(last)"
        }.joined()
    }

    private static func escape(_ value: UInt32) -> String {
        "\\u" + Hex.encode([UInt8(truncatingIfNeeded: value >> 8), UInt8(truncatingIfNeeded: value)])
    }
}

extension Unicode.Scalar {
    /// Whether the character is invisible or changes how the text around it is displayed: controls, line separators,
    /// direction marks, joiners, soft hyphens, fillers, variation selectors, and the blank Braille pattern.
    public var isHidden: Bool {
        if value < 0x7F { return value < 0x20 }
        switch properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator: return true
        default: return properties.isDefaultIgnorableCodePoint || value == 0x2800
        }
    }
}
