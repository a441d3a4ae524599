/// Text that is being converted to UTF-8.
struct DecodedText {
    private(set) var utf8: [UInt8] = []

    init(capacity: Int) { utf8.reserveCapacity(capacity) }

    /// - Parameter scalar: nil for bytes without a meaning.
    @inline(__always)
    mutating func append(_ scalar: Unicode.Scalar?) {
        let value = (scalar ?? EncodingTables.none).value
        switch value {
        case ..<0x80:
            utf8.append(UInt8(truncatingIfNeeded: value))
            return
        case ..<0x800: utf8.append(UInt8(truncatingIfNeeded: 0xC0 | value >> 6))
        case ..<0x10000:
            utf8.append(UInt8(truncatingIfNeeded: 0xE0 | value >> 12))
            utf8.append(UInt8(truncatingIfNeeded: 0x80 | value >> 6 & 0x3F))
        default:
            utf8.append(UInt8(truncatingIfNeeded: 0xF0 | value >> 18))
            utf8.append(UInt8(truncatingIfNeeded: 0x80 | value >> 12 & 0x3F))
            utf8.append(UInt8(truncatingIfNeeded: 0x80 | value >> 6 & 0x3F))
        }
        utf8.append(UInt8(truncatingIfNeeded: 0x80 | value & 0x3F))
    }
}

/// Converts text files to well-formed UTF-8 without a byte order mark.
enum TextDecoder {
    /// The byte order mark at the beginning, and the encoding that it tells.
    static func byteOrderMark(of bytes: [UInt8]) -> (encoding: TextEncoding, length: Int)? {
        // NB: UTF-16's byte order mark is also the beginning of UTF-32's.
        let marks: [([UInt8], String)] = [
            ([0xEF, 0xBB, 0xBF], "utf-8"), ([0xFF, 0xFE, 0, 0], "utf-32le"), ([0, 0, 0xFE, 0xFF], "utf-32be"),
            ([0xFF, 0xFE], "utf-16le"), ([0xFE, 0xFF], "utf-16be"),
        ]
        return marks.first { bytes.starts(with: $0.0) }.map { (TextEncoding(named: $0.1), $0.0.count) }
    }

    /// The text as people see and type it (`TextControls`, `TextBytes.normalised`). Malformed sequences become U+FFFD.
    ///
    /// - Parameter encoding: nil for that of the byte order mark, or else UTF-8.
    static func decode(_ bytes: [UInt8], as encoding: TextEncoding? = nil) -> [UInt8] {
        let mark = byteOrderMark(of: bytes)
        let text = decodeAsWritten(bytes, as: mark?.encoding ?? encoding ?? .utf8)
        return TextBytes.normalised(TextControls.resolved(withoutMark(text)))
    }

    /// Whether a file makes sense in an encoding: at most one of fifty signs beyond ASCII has no meaning.
    static func isPlausible(_ bytes: [UInt8], as encoding: TextEncoding) -> Bool {
        switch encoding.scheme {
        case .utf8: String(validating: bytes, as: UTF8.self) != nil
        case .utf16: (bytes.contains(0) || !TextControls.isNarrow(bytes)) && WideText.canBe(bytes)
        case .utf32: bytes.count % 4 == 0 && bytes.contains(0)
        case .iso2022jp: bytes.allSatisfy { $0 < 0x80 }
        case .singleByte:
            isPlausible(bytes.withUnsafeBufferPointer { SingleByteTable(named: encoding.name).check($0) })
        case .multiByte(let encoding): isPlausible(bytes.withUnsafeBufferPointer { encoding.check($0) })
        }
    }

    private static func isPlausible(_ check: (malformed: Int, beyondASCII: Int)) -> Bool {
        check.malformed * 50 <= check.beyondASCII
    }

    /// The text with its controls, and not composed. Malformed sequences become U+FFFD.
    static func decodeAsWritten(_ bytes: [UInt8], as encoding: TextEncoding) -> [UInt8] {
        switch encoding.scheme {
        case .utf8:
            String(validating: bytes, as: UTF8.self) != nil ? bytes : Array(String(decoding: bytes, as: UTF8.self).utf8)
        case .utf16(let lowByteFirst): decodeUTF16(bytes, lowByteFirst: lowByteFirst)
        case .utf32(let lowByteFirst): decodeUTF32(bytes, lowByteFirst: lowByteFirst)
        case .iso2022jp: bytes.withUnsafeBufferPointer { ISO2022JP.decode($0) }
        case .singleByte: bytes.withUnsafeBufferPointer { SingleByteTable(named: encoding.name).decode($0) }
        case .multiByte(let encoding): bytes.withUnsafeBufferPointer { encoding.decode($0) }
        }
    }

    private static func withoutMark(_ text: [UInt8]) -> [UInt8] {
        var start = 0
        while text.count >= start + 3, text[start] == 0xEF, text[start + 1] == 0xBB, text[start + 2] == 0xBF {
            start += 3
        }
        return start == 0 ? text : Array(text[start...])
    }

    private static func decodeUTF16(_ bytes: [UInt8], lowByteFirst: Bool) -> [UInt8] {
        let units = stride(from: 0, to: bytes.count - 1, by: 2).lazy.map { index in
            let (first, second) = (UInt16(bytes[index]), UInt16(bytes[index + 1]))
            let unit = lowByteFirst ? second << 8 | first : first << 8 | second
            return unit == 0 ? 0x20 : unit
        }
        return Array(String(decoding: Array(units), as: UTF16.self).utf8)
    }

    private static func decodeUTF32(_ bytes: [UInt8], lowByteFirst: Bool) -> [UInt8] {
        let units = stride(from: 0, to: bytes.count - 3, by: 4).lazy.map { index in
            let unit = bytes[index..<index + 4].reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
            return unit == 0 ? 0x20 : lowByteFirst ? unit.byteSwapped : unit
        }
        return Array(String(decoding: Array(units), as: UTF32.self).utf8)
    }

    /// The scalar of a byte in Windows-1252 (WHATWG Encoding Standard, index windows-1252). The five unassigned bytes
    /// map to U+FFFD.
    static func windows1252(_ byte: UInt8) -> Unicode.Scalar {
        byte < 0x80 ? Unicode.Scalar(byte) : windows1252.scalars[Int(byte & 0x7F)]
    }

    private static let windows1252 = SingleByteTable(named: "windows-1252")
}
