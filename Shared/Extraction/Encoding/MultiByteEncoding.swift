import Wire

/// An encoding of East Asia with one to four bytes per scalar. Each decodes as the WHATWG Encoding Standard says, without
/// JIS X 0212 and private use.
enum MultiByteEncoding: String, CaseIterable {
    case shiftJIS = "shift_jis"
    case eucJP = "euc-jp"
    case gb18030
    case big5
    case eucKR = "euc-kr"

    func decode(_ bytes: UnsafeBufferPointer<UInt8>) -> [UInt8] {
        var text = DecodedText(capacity: bytes.count + bytes.count / 2)
        forEach(in: bytes) { text.append($0) }
        return text.utf8
    }

    /// How many sequences of bytes have no meaning, and how many scalars are beyond ASCII.
    func check(_ bytes: UnsafeBufferPointer<UInt8>) -> (malformed: Int, beyondASCII: Int) {
        var (malformed, beyondASCII) = (0, 0)
        forEach(in: bytes) { scalar in
            if scalar == nil { malformed += 1 }
            if scalar.map({ $0.value >= 0x80 }) ?? true { beyondASCII += 1 }
        }
        return (malformed, beyondASCII)
    }

    /// Calls `body` with each byte of ASCII and each scalar beyond it, and with nil for bytes without a meaning.
    @inline(__always)
    func forEach(in bytes: UnsafeBufferPointer<UInt8>, _ body: (Unicode.Scalar?) -> Void) {
        let table = MultiByteTables.table(for: self)
        var index = 0
        while index < bytes.count {
            let lead = bytes[index]
            if lead < 0x80 {
                body(Unicode.Scalar(lead))
                index += 1
                continue
            }
            let (scalar, length) = decode(lead, in: bytes, at: index, table)
            body(scalar)
            // A trail in ASCII that makes no sense with its lead is a letter of its own.
            index += length
        }
    }

    /// The scalar that begins with a byte beyond ASCII, and how many bytes it has.
    private func decode(
        _ lead: UInt8, in bytes: UnsafeBufferPointer<UInt8>, at index: Int, _ table: [Unicode.Scalar]
    ) -> (Unicode.Scalar?, length: Int) {
        let trail = index + 1 < bytes.count ? bytes[index + 1] : 0
        if let single = single(lead) { return (single, 1) }
        if self == .eucJP, lead == 0x8E, 0xA1...0xDF ~= trail { return (halfWidth(trail), 2) }
        if self == .gb18030, 0x30...0x39 ~= trail { return MultiByteTables.fourBytes(bytes, at: index) }
        guard let position = position(lead, trail), position < table.count, table[position] != EncodingTables.none
        else { return (nil, 1) }
        return (table[position], 2)
    }

    /// What a byte beyond ASCII stands for without a trail; nil if it is none of these.
    private func single(_ byte: UInt8) -> Unicode.Scalar? {
        switch self {
        case .shiftJIS: 0xA1...0xDF ~= byte ? halfWidth(byte) : nil
        case .gb18030: byte == 0x80 ? "€" : nil
        default: nil
        }
    }

    /// Half-width Katakana.
    private func halfWidth(_ byte: UInt8) -> Unicode.Scalar? { Unicode.Scalar(0xFF61 + UInt32(byte) - 0xA1) }

    /// Where the table has the scalar of two bytes; nil if they cannot be a pair.
    private func position(_ lead: UInt8, _ trail: UInt8) -> Int? {
        let (lead, trail) = (Int(lead), Int(trail))
        switch self {
        case .shiftJIS:
            guard 0x81...0x9F ~= lead || 0xE0...0xFC ~= lead, 0x40...0xFC ~= trail, trail != 0x7F else { return nil }
            let position = (lead - (lead < 0xA0 ? 0x81 : 0xC1)) * 188 + trail - (trail < 0x7F ? 0x40 : 0x41)
            // Rows 95 to 114 are for private use.
            let row = position / 94
            return row < 94 ? position : row < 114 ? nil : position - 20 * 94
        case .eucJP:
            guard 0xA1...0xFE ~= lead, 0xA1...0xFE ~= trail else { return nil }
            return (lead - 0xA1) * 94 + trail - 0xA1
        case .gb18030:
            guard 0x81...0xFE ~= lead, 0x40...0xFE ~= trail, trail != 0x7F else { return nil }
            return (lead - 0x81) * 190 + trail - (trail < 0x7F ? 0x40 : 0x41)
        case .big5:
            guard 0x87...0xFE ~= lead, 0x40...0x7E ~= trail || 0xA1...0xFE ~= trail else { return nil }
            return (lead - 0x87) * 157 + trail - (trail < 0x7F ? 0x40 : 0x62)
        case .eucKR:
            guard 0x81...0xFE ~= lead, 0x41...0xFE ~= trail else { return nil }
            return (lead - 0x81) * 190 + trail - 0x41
        }
    }
}

/// The tables of the encodings of East Asia. Each is made when it is first needed.
enum MultiByteTables {
    static func table(for encoding: MultiByteEncoding) -> [Unicode.Scalar] {
        switch encoding {
        case .shiftJIS, .eucJP: jis
        case .gb18030: gb18030
        case .big5: big5
        case .eucKR: korean
        }
    }

    static let jis = EncodingTables.scalars(of: EncodingTables.jis)
    private static let gb18030 = EncodingTables.scalars(of: EncodingTables.gb18030)
    private static let big5 = EncodingTables.scalars(of: EncodingTables.big5)
    private static let korean = EncodingTables.scalars(of: EncodingTables.korean)

    /// A scalar of GB 18030 in four bytes.
    static func fourBytes(
        _ bytes: UnsafeBufferPointer<UInt8>, at index: Int
    ) -> (Unicode.Scalar?, length: Int) {
        guard index + 3 < bytes.count, 0x81...0xFE ~= bytes[index + 2], 0x30...0x39 ~= bytes[index + 3] else {
            return (nil, 1)
        }
        let digits = (Int(bytes[index]) - 0x81, Int(bytes[index + 1]) - 0x30, Int(bytes[index + 2]) - 0x81)
        let position = ((digits.0 * 10 + digits.1) * 126 + digits.2) * 10 + Int(bytes[index + 3]) - 0x30
        if position >= supplementary {
            return (Unicode.Scalar(UInt32(0x10000 + position - supplementary)), 4)
        }
        guard position < unpaired.count, unpaired[position] != EncodingTables.none else { return (nil, 1) }
        return (unpaired[position], 4)
    }

    /// The position of U+10000 among the codes of four bytes.
    private static let supplementary = 189_000

    /// The scalars of the codes of four bytes below U+10000: in order, those that have no code of two bytes. (GB
    /// 18030-2005; 81 of the private use area, where codes of two bytes had no standard scalar, are left out.)
    private static let unpaired: [Unicode.Scalar] = {
        var isPaired = Array(repeating: false, count: 0x10000)
        for scalar in gb18030 where scalar.value < 0x10000 { isPaired[Int(scalar.value)] = true }
        // That is not a code, but what the table has for none.
        isPaired[Int(EncodingTables.none.value)] = false
        var unpaired: [Unicode.Scalar] = []
        unpaired.reserveCapacity(40_000)
        for value in 0x80..<UInt32(0x10000) where !isPaired[Int(value)] {
            if value == 0xE000 { unpaired += Array(repeating: EncodingTables.none, count: 81) }
            guard let scalar = Unicode.Scalar(value), !(0xE000..<0xE865).contains(value) else { continue }
            unpaired.append(scalar)
        }
        return unpaired
    }()
}
