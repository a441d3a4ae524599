/// Converts a text file to well-formed UTF-8 without a byte order mark.
enum TextDecoder {
    enum ByteOrderMark {
        case utf8, utf16LittleEndian, utf16BigEndian, utf32LittleEndian, utf32BigEndian
    }

    static func byteOrderMark(of bytes: [UInt8]) -> ByteOrderMark? {
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { return .utf8 }
        // NB: UTF-16's byte order mark is also the beginning of UTF-32's.
        if bytes.starts(with: [0xFF, 0xFE, 0, 0]) { return .utf32LittleEndian }
        if bytes.starts(with: [0, 0, 0xFE, 0xFF]) { return .utf32BigEndian }
        if bytes.starts(with: [0xFF, 0xFE]) { return .utf16LittleEndian }
        if bytes.starts(with: [0xFE, 0xFF]) { return .utf16BigEndian }
        return nil
    }

    /// Decodes UTF-8, UTF-16 and UTF-32 by their byte order marks, UTF-8 without one, and everything else as
    /// Windows-1252. Malformed sequences become U+FFFD.
    static func decode(_ bytes: [UInt8]) -> [UInt8] { TextBytes.normalised(decodeAsWritten(bytes)) }

    private static func decodeAsWritten(_ bytes: [UInt8]) -> [UInt8] {
        switch byteOrderMark(of: bytes) {
        case .utf8: decodeUTF8(Array(bytes.dropFirst(3)))
        case .utf16LittleEndian: decodeUTF16(bytes.dropFirst(2), lowByteFirst: true)
        case .utf16BigEndian: decodeUTF16(bytes.dropFirst(2), lowByteFirst: false)
        case .utf32LittleEndian: decodeUTF32(bytes.dropFirst(4), lowByteFirst: true)
        case .utf32BigEndian: decodeUTF32(bytes.dropFirst(4), lowByteFirst: false)
        case nil: decodeUTF8(bytes)
        }
    }

    private static func decodeUTF8(_ bytes: [UInt8]) -> [UInt8] {
        if String(validating: bytes, as: UTF8.self) != nil { return bytes }
        return isMostlyUTF8(bytes)
            ? Array(String(decoding: bytes, as: UTF8.self).utf8) : decodeWindows1252(bytes)
    }

    /// Whether the bytes beyond ASCII look like UTF-8 with a few damaged places rather than like a one-byte encoding.
    private static func isMostlyUTF8(_ bytes: [UInt8]) -> Bool {
        var wellFormed = 0
        var illFormed = 0
        var index = 0
        while index < bytes.count {
            let lead = bytes[index]
            index += 1
            if lead < 0x80 { continue }
            let wanted = lead >= 0xF0 ? 3 : lead >= 0xE0 ? 2 : 1
            var found = 0
            while found < wanted, index < bytes.count, TextBytes.isContinuation(bytes[index]) {
                found += 1
                index += 1
            }
            let isWellFormed = lead >= 0xC2 && lead < 0xF5 && found == wanted
            if isWellFormed { wellFormed += 1 } else { illFormed += 1 }
        }
        return wellFormed > 4 * illFormed
    }

    private static func decodeUTF16(_ bytes: ArraySlice<UInt8>, lowByteFirst: Bool) -> [UInt8] {
        var units: [UInt16] = []
        units.reserveCapacity(bytes.count / 2)
        var index = bytes.startIndex
        while index + 1 < bytes.endIndex {
            let first = UInt16(bytes[index])
            let second = UInt16(bytes[index + 1])
            let unit = lowByteFirst ? second << 8 | first : first << 8 | second
            units.append(unit == 0 ? 0x20 : unit)
            index += 2
        }
        return Array(String(decoding: units, as: UTF16.self).utf8)
    }

    private static func decodeUTF32(_ bytes: ArraySlice<UInt8>, lowByteFirst: Bool) -> [UInt8] {
        var units: [UInt32] = []
        units.reserveCapacity(bytes.count / 4)
        var index = bytes.startIndex
        while index + 3 < bytes.endIndex {
            let unit = bytes[index..<index + 4].reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
            units.append(unit == 0 ? 0x20 : lowByteFirst ? unit.byteSwapped : unit)
            index += 4
        }
        return Array(String(decoding: units, as: UTF32.self).utf8)
    }

    private static func decodeWindows1252(_ bytes: [UInt8]) -> [UInt8] {
        var decoded: [UInt8] = []
        decoded.reserveCapacity(bytes.count + bytes.count / 8)
        for byte in bytes {
            if byte < 0x80 {
                decoded.append(byte)
            } else {
                decoded.append(contentsOf: String(windows1252(byte)).utf8)
            }
        }
        return decoded
    }

    /// The scalar of a byte in Windows-1252 (WHATWG Encoding Standard, index windows-1252). The five unassigned bytes
    /// map to U+FFFD.
    static func windows1252(_ byte: UInt8) -> Unicode.Scalar {
        guard (0x80..<0xA0).contains(byte) else { return Unicode.Scalar(byte) }
        return windows1252Upper[Int(byte) - 0x80]
    }

    private static let windows1252Upper: [Unicode.Scalar] = Array(
        ("€\u{FFFD}‚ƒ„…†‡ˆ‰Š‹Œ\u{FFFD}Ž\u{FFFD}\u{FFFD}‘’“”•–—˜™š›œ\u{FFFD}žŸ").unicodeScalars)
}
