/// The forms of scalars that the tables give, and their combinations.
enum ScalarForms {
    /// Appends the compatibility form of a scalar (its part of NFKC).
    static func appendCompatible(_ scalar: UInt32, to scalars: inout [UInt32]) {
        guard let range = find(scalar, in: CompatibilityForms.keys) else { return scalars.append(scalar) }
        let form = UnsafeBufferPointer(rebasing: bytes(of: CompatibilityForms.forms)[range])
        var index = 0
        while index < form.count {
            let (next, length) = UTF8Scan.scalar(in: form, at: index)
            scalars.append(next.value)
            index += length
        }
    }

    /// Appends what a scalar in NFKC is folded to, in UTF-8: lower case, without marks.
    static func appendFolded(_ scalar: UInt32, to folded: inout [UInt8]) {
        if scalar < 0x80 {
            let byte = UInt8(truncatingIfNeeded: scalar)
            folded.append(byte &- 0x41 < 26 ? byte | 0x20 : byte)
        } else if isUnchanged(scalar) {
            append(scalar, to: &folded)
        } else if let range = find(scalar, in: FoldedForms.keys) {
            folded.append(contentsOf: bytes(of: FoldedForms.forms)[range])
        } else {
            append(scalar, to: &folded)
        }
    }

    /// Appends a scalar in lower case, with its marks. In Turkish, `I` is `ı`, and `İ` is `i`.
    static func appendLower(_ scalar: UInt32, isTurkish: Bool, to lower: inout [UInt8]) {
        switch scalar {
        case 0x130: lower.append(UInt8(ascii: "i"))
        case 0x49 where isTurkish: append(0x131, to: &lower)
        case ..<0x80:
            let byte = UInt8(truncatingIfNeeded: scalar)
            lower.append(byte &- 0x41 < 26 ? byte | 0x20 : byte)
        default:
            guard let known = Unicode.Scalar(scalar) else { return }
            lower.append(contentsOf: known.properties.lowercaseMapping.utf8)
        }
    }

    /// Appends a scalar in UTF-8.
    static func append(_ scalar: UInt32, to bytes: inout [UInt8]) {
        switch scalar {
        case ..<0x80: bytes.append(UInt8(truncatingIfNeeded: scalar))
        case ..<0x800:
            bytes.append(0xC0 | UInt8(truncatingIfNeeded: scalar >> 6))
            bytes.append(trail(scalar))
        case ..<0x10000:
            bytes.append(0xE0 | UInt8(truncatingIfNeeded: scalar >> 12))
            bytes.append(trail(scalar >> 6))
            bytes.append(trail(scalar))
        default:
            bytes.append(0xF0 | UInt8(truncatingIfNeeded: scalar >> 18))
            bytes.append(trail(scalar >> 12))
            bytes.append(trail(scalar >> 6))
            bytes.append(trail(scalar))
        }
    }

    private static func trail(_ bits: UInt32) -> UInt8 { 0x80 | UInt8(truncatingIfNeeded: bits & 0x3F) }

    /// The common letters that need no look-up: Chinese characters and Korean syllables.
    private static func isUnchanged(_ scalar: UInt32) -> Bool {
        0x3041...0x9FFF ~= scalar || 0xAC00...0xD7A3 ~= scalar || scalar >= 0x20000
    }

    // MARK: Tables

    /// The range of a scalar's form in the forms of a table.
    private static func find(_ scalar: UInt32, in table: StaticString) -> Range<Int>? {
        let keys = bytes(of: table)
        var low = 0
        var high = keys.count / record - 1
        while low < high {
            let middle = (low + high) / 2
            if number(in: keys, at: middle * record) < scalar { low = middle + 1 } else { high = middle }
        }
        guard number(in: keys, at: low * record) == scalar, (low + 1) * record < keys.count else { return nil }
        let start = number(in: keys, at: low * record + record / 2)
        return Int(start)..<Int(number(in: keys, at: (low + 1) * record + record / 2))
    }

    /// The scalar and the offset, three characters each.
    private static let record = 6

    private static func number(in keys: UnsafeBufferPointer<UInt8>, at index: Int) -> UInt32 {
        let zero = UInt8(ascii: "0")
        return UInt32(keys[index] &- zero) << 12 | UInt32(keys[index + 1] &- zero) << 6
            | UInt32(keys[index + 2] &- zero)
    }

    private static func bytes(of table: StaticString) -> UnsafeBufferPointer<UInt8> {
        UnsafeBufferPointer(start: table.utf8Start, count: table.utf8CodeUnitCount)
    }
}
