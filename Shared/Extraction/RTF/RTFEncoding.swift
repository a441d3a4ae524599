/// How the bytes of an RTF document are encoded: by the document's code page, or by that of their font.
struct RTFEncoding {
    /// Documents have some dozens. Further fonts are read in the document's code page.
    private static let mostFonts = 10_000

    /// The encoding of the document.
    private(set) var document = TextEncoding.windows1252
    /// Of the fonts that say so.
    private var fonts: [Int: TextEncoding?] = [:]

    /// The encoding of text in a font; nil for pictures in place of letters, as in Symbol.
    subscript(font: Int) -> TextEncoding? { fonts[font] ?? document }

    mutating func setCodePage(_ page: Int) {
        if let encoding = Self.encoding(ofPage: page) { document = encoding }
    }

    /// - Parameter charset: the number after `\fcharset`.
    mutating func setCharset(_ charset: Int, ofFont font: Int) {
        guard fonts.count < Self.mostFonts else { return }
        if charset == Self.symbols {
            fonts[font] = .some(nil)
        } else if let page = Self.pages[charset], let encoding = Self.encoding(ofPage: page) {
            fonts[font] = encoding
        }
    }

    mutating func setCodePage(_ page: Int, ofFont font: Int) {
        guard fonts.count < Self.mostFonts, let encoding = Self.encoding(ofPage: page) else { return }
        fonts[font] = encoding
    }

    private static func encoding(ofPage page: Int) -> TextEncoding? {
        switch page {
        case 10_000: TextEncoding(label: "macintosh")
        case 65_001: .utf8
        default: TextEncoding(label: "cp\(page)")
        }
    }

    private static let symbols = 2

    /// The code pages of Windows' character sets. 1 is the document's.
    private static let pages: [Int: Int] = [
        0: 1252, 77: 10_000, 78: 932, 128: 932, 129: 949, 134: 936, 136: 950, 161: 1253, 162: 1254, 163: 1258,
        177: 1255, 178: 1256, 186: 1257, 204: 1251, 222: 874, 238: 1250, 254: 437, 255: 850,
    ]
}

/// Text under construction: bytes in changing encodings, and code units of UTF-16.
struct RTFText {
    private(set) var utf8: [UInt8] = []
    /// Bytes that are not decoded yet, because letters can have more than one.
    private var pending: [UInt8] = []
    private var pendingEncoding: TextEncoding?
    /// The first half of a letter of two code units.
    private var surrogate: UInt16?

    var isEmpty: Bool { utf8.isEmpty && pending.isEmpty }

    /// - Parameter encoding: nil for pictures in place of letters.
    mutating func append(_ byte: UInt8, as encoding: TextEncoding?) {
        guard let encoding else { return appendSymbol(byte) }
        if encoding != pendingEncoding {
            decodePending()
            pendingEncoding = encoding
        }
        pending.append(byte)
    }

    mutating func append(scalar: Unicode.Scalar) {
        decodePending()
        utf8.append(contentsOf: String(scalar).utf8)
    }

    /// - Parameter unit: the number after `\u`, which is negative from 32,768 on.
    mutating func append(unit: Int) {
        decodePending()
        guard -0x8000...0xFFFF ~= unit else { return append(scalar: EncodingTables.none) }
        let unit = UInt16(truncatingIfNeeded: unit)
        if let first = surrogate, UTF16.isTrailSurrogate(unit) {
            utf8.append(contentsOf: String(decoding: [first, unit], as: UTF16.self).utf8)
            surrogate = nil
        } else if UTF16.isLeadSurrogate(unit) {
            surrogate = unit
        } else if Self.symbols.contains(unit) {
            appendSymbol(UInt8(truncatingIfNeeded: unit))
        } else {
            surrogate = nil
            append(scalar: Unicode.Scalar(unit) ?? EncodingTables.none)
        }
    }

    /// The private codes of Symbol and Wingdings, of which only bullets are text.
    private static let symbols: ClosedRange<UInt16> = 0xF000...0xF0FF

    private mutating func appendSymbol(_ byte: UInt8) {
        if byte == 0xB7 || byte == 0xA7 { append(scalar: "•") } else if byte < 0x80 { append(byte, as: .utf8) }
    }

    private mutating func decodePending() {
        guard !pending.isEmpty else { return }
        if pending.allSatisfy({ $0 < 0x80 }) {
            utf8.append(contentsOf: pending)
        } else {
            utf8.append(contentsOf: TextDecoder.decodeAsWritten(pending, as: pendingEncoding ?? .windows1252))
        }
        pending.removeAll(keepingCapacity: true)
    }

    /// The whole text, which is then empty.
    mutating func take() -> [UInt8] {
        decodePending()
        defer { utf8.removeAll() }
        surrogate = nil
        return utf8
    }
}
