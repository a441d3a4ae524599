import Wire

/// Unicode's composed form (NFC, UAX #15), which people type and search for. Some programs and systems write ü as two
/// scalars.
enum Composition {
    /// The text in composed form.
    ///
    /// Nearly all text is composed already. Only the places that may not be are converted, because the standard library
    /// takes about a microsecond for a word.
    static func composed(_ bytes: [UInt8]) -> [UInt8] {
        guard let first = bytes.withUnsafeBufferPointer({ firstDoubt(in: $0, from: 0) }) else { return bytes }
        return bytes.withUnsafeBufferPointer { compose($0, from: first) }
    }

    /// How long a run that has to be composed as a whole may be. Longer ones, which no language has, stay as they are.
    private static let maximumRun = 4_096

    private static func compose(_ bytes: UnsafeBufferPointer<UInt8>, from first: Range<Int>) -> [UInt8] {
        var composed: [UInt8] = []
        composed.reserveCapacity(bytes.count)
        var copied = 0
        var doubt: Range<Int>? = first
        while let place = doubt {
            composed.append(contentsOf: bytes[copied..<place.lowerBound])
            if place.count <= maximumRun {
                composed.append(contentsOf: String(decoding: bytes[place], as: UTF8.self).composed.utf8)
            } else {
                composed.append(contentsOf: bytes[place])
            }
            copied = place.upperBound
            doubt = firstDoubt(in: bytes, from: copied)
        }
        composed.append(contentsOf: bytes[copied...])
        return composed
    }

    /// The first place at or after `start` that may not be composed: from a scalar that begins something to the next one
    /// that does.
    private static func firstDoubt(in bytes: UnsafeBufferPointer<UInt8>, from start: Int) -> Range<Int>? {
        var index = start
        // Where the last scalar began that a mark can follow, and the class of the last mark.
        var base = start
        var lastClass: UInt8 = 0
        while index < bytes.count {
            let lead = bytes[index]
            if !mayCompose[Int(lead)] {
                base = index
                lastClass = 0
                index += length(lead)
                continue
            }
            let scalar = scalar(in: bytes, at: index)
            let markClass = markClass(scalar)
            let isDoubtful = scalar == nukta ? composesWithNukta(bytes, at: base) : composes(scalar)
            if isDoubtful || markClass != 0 && markClass < lastClass {
                return base..<end(of: index, in: bytes)
            }
            if markClass == 0 { base = index }
            lastClass = markClass
            index += length(lead)
        }
        return nil
    }

    /// The next position after a doubtful scalar at which something begins.
    private static func end(of doubtful: Int, in bytes: UnsafeBufferPointer<UInt8>) -> Int {
        var index = doubtful + length(bytes[doubtful])
        while index < bytes.count {
            if mayCompose[Int(bytes[index])] {
                let scalar = scalar(in: bytes, at: index)
                if !composes(scalar), markClass(scalar) == 0 { break }
            } else {
                break
            }
            index += length(bytes[index])
        }
        return min(index, bytes.count)
    }

    /// The dot below letters of Hindi. It is common, and there are composed forms for three letters only: ऩ, ऱ and ऴ.
    private static let nukta: Unicode.Scalar = "\u{93C}"

    private static func composesWithNukta(_ bytes: UnsafeBufferPointer<UInt8>, at index: Int) -> Bool {
        ["\u{928}", "\u{930}", "\u{933}"].contains(scalar(in: bytes, at: index))
    }

    private static func length(_ lead: UInt8) -> Int { lead < 0xC0 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4 }

    /// The scalar at a position of well-formed text.
    private static func scalar(in bytes: UnsafeBufferPointer<UInt8>, at index: Int) -> Unicode.Scalar {
        let length = length(bytes[index])
        guard length > 1, index + length <= bytes.count else { return "\u{FFFD}" }
        var value = UInt32(bytes[index]) & (0xFF >> UInt32(length + 1))
        for offset in 1..<length { value = value << 6 | UInt32(bytes[index + offset] & 0x3F) }
        return Unicode.Scalar(value) ?? "\u{FFFD}"
    }

    /// For each lead byte, whether it can begin a mark or a scalar that has another form. Not so are ASCII, most of Latin
    /// and Cyrillic, and most Chinese characters.
    private static let mayCompose: [Bool] = (0..<256).map { lead in
        switch lead {
        case 0xCC...0xCE, 0xD2, 0xD6...0xE3, 0xEA, 0xED...0xF7: true
        default: false
        }
    }

    /// The canonical combining class, which is 0 for all but marks.
    private static func markClass(_ scalar: Unicode.Scalar) -> UInt8 {
        switch scalar.value {
        // The letters of the scripts in which most text is that comes here.
        case 0x370...0x482, 0x5D0...0x5EA, 0x620...0x64A, 0x900...0x93B, 0x93D...0x94C,
            0x962...0x97F, 0xE01...0xE37, 0xE40...0xE47,
            0x2010...0x2027, 0x3000...0x3029, 0x3041...0x3096, 0x30A0...0x30FF, 0xAC00...0xD7A3, 0xFF00...0xFFEF:
            0
        // The virama, which is as common.
        case 0x94D: 9
        default: scalar.properties.canonicalCombiningClass.rawValue
        }
    }

    /// Whether a scalar may become another one, alone or with the one before it (`NFC_Quick_Check` is not `Yes`).
    private static func composes(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x300...0x304, 0x306...0x30C, 0x30F, 0x311, 0x313...0x314, 0x31B, 0x323...0x328, 0x32D...0x32E,
            0x330...0x331, 0x338, 0x340...0x345, 0x374, 0x37E, 0x387, 0x653...0x655, 0x93C, 0x958...0x95F,
            0x9BC, 0x9BE, 0x9D7...0x9DF, 0xA33...0xA36, 0xA59...0xA5E, 0xB3E, 0xB56...0xB5D, 0xBBE, 0xBD7, 0xC56, 0xCC2,
            0xCD5...0xCD6, 0xD3E, 0xD57, 0xDCA, 0xDCF, 0xDDF, 0xF43...0xFB9, 0x102E, 0x1161...0x1175, 0x11A8...0x11C2,
            0x1B35, 0x1F71...0x1FFD, 0x2000...0x2001, 0x2126...0x212B, 0x2329...0x232A, 0x2ADC, 0x3099...0x309A,
            0xF900...0xFAD9, 0xFB1D...0xFB4E, 0x110BA, 0x11127, 0x1133E, 0x11357, 0x114B0, 0x114BA, 0x114BD, 0x115AF,
            0x11930, 0x1D15E...0x1D1C0, 0x2F800...0x2FA1D:
            true
        default: false
        }
    }
}
