/// How lists look in text: the signs before their items, and the sentences that announce them.
public enum ListText {
    /// The length in bytes of the sign that begins a line as a list item: `•`, `→`, `☐`, `①`. A space follows it, except in
    /// Chinese and Japanese. 0 if there is none. Dashes and the signs of ASCII are not among them, because they have other
    /// uses, too.
    public static func lengthOfSign(_ line: ArraySlice<UInt8>) -> Int {
        guard let first = line.first, leadsOfSigns.contains(first) else { return 0 }
        let scalars = String(decoding: line.prefix(lookAhead), as: UTF8.self).unicodeScalars
        guard let sign = scalars.first, isSign(sign) else { return 0 }
        var rest = scalars.dropFirst()
        var length = UTF8.width(sign)
        // An emoji may say that it wants to be one.
        if let variant = rest.first, (0xFE0E...0xFE0F).contains(variant.value) {
            rest = rest.dropFirst()
            length += UTF8.width(variant)
        }
        guard let next = rest.first else { return 0 }
        return isSpace(next) || needsNoSpace(sign) && isIdeographOrKana(next) ? length : 0
    }

    /// In bytes: a sign, its variant and what follows; or a bracket, three digits, a mark and what follows.
    private static let lookAhead = 20

    /// The first bytes of signs, and of wide numbers, in UTF-8. Most lines begin with others.
    private static let leadsOfSigns: [UInt8] = [0xC2, 0xE2, 0xE3, 0xEF, 0xF0]
    private static let leadsOfNumbers: [UInt8] = [0xE3, 0xE4, 0xE5, 0xE7, 0xEF]

    private static func isSign(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0xB7, 0xBB, 0x203A, 0x203B, 0x2022, 0x2023, 0x2043, 0x2219, 0x30FB, 0xFF65: true  // · » › ※ • ‣ ⁃ ∙ ・ ･
        case 0x275B...0x2760: false  // quotes
        case 0x2190...0x21FF, 0x27F0...0x27FF, 0x2B00...0x2BFF: true  // arrows
        case 0x2460...0x24FF: true  // numbers and letters in circles
        case 0x25A0...0x27BF, 0x1F300...0x1FAFF: true  // squares, stars, hands, ticks, emoji
        case 0xF020...0xF0FF: true  // bullets of the fonts Symbol and Wingdings
        default: false
        }
    }

    /// Signs that Chinese and Japanese write without a space.
    private static func needsNoSpace(_ sign: Unicode.Scalar) -> Bool {
        switch sign {
        case "・", "･", "※", "•", "●", "■", "□", "◆", "◇", "◎", "▲", "△", "▼", "▽", "★", "☆", "▪", "►", "→": true
        default: (0x2460...0x24FF).contains(sign.value)
        }
    }

    private static func isIdeographOrKana(_ scalar: Unicode.Scalar) -> Bool {
        (0x3041...0x30FA).contains(scalar.value) || (0x3400...0x9FFF).contains(scalar.value)
    }

    private static func isSpace(_ scalar: Unicode.Scalar) -> Bool {
        scalar == " " || (9...13).contains(scalar.value) || scalar == "\u{A0}" || scalar == "\u{3000}"
    }

    /// The mark, in ASCII, behind the number of an item as Chinese and Japanese write it: `１．`, `（2）`, `1、`, `三、`. No
    /// space follows it. Nil if the line begins with something else.
    public static func markOfWideNumber(_ line: ArraySlice<UInt8>) -> UInt8? {
        guard let first = line.first, first < 0x80 || leadsOfNumbers.contains(first) else { return nil }
        let scalars = String(decoding: line.prefix(lookAhead), as: UTF8.self).unicodeScalars[...]
        let isOpen = scalars.first.map("（(".unicodeScalars.contains) ?? false
        let rest = isOpen ? scalars.dropFirst() : scalars
        let label = rest.prefix(while: isDigit)
        let tail = rest.dropFirst(label.count)
        // A list of numbers is no number of an item: "二、三日".
        guard (1...3).contains(label.count), let mark = tail.first, let next = tail.dropFirst().first, !isDigit(next)
        else { return nil }
        switch mark {
        case "）": return UInt8(ascii: ")")
        case "．" where !isOpen, "." where !isOpen && isSpace(next): return UInt8(ascii: ".")
        case "、" where !isOpen: return UInt8(ascii: ",")
        default: return nil
        }
    }

    private static func isDigit(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar {
        case "0"..."9", "０"..."９", "〇", "一", "二", "三", "四", "五", "六", "七", "八", "九", "十", "百": true
        default: false
        }
    }

    // MARK: Announcements

    /// Whether a text ends with a colon of any script, before closing quotes and brackets or a dash (`:-`).
    public static func endsWithColon(_ text: some BidirectionalCollection<UInt8>) -> Bool {
        lastMark(of: text).map(colons.contains) ?? false
    }

    /// Whether a text ends without the mark of a sentence or a colon, so that a list may complete it: `You will need`.
    public static func endsOpenly(_ text: some BidirectionalCollection<UInt8>) -> Bool {
        lastMark(of: text).map { !endMarks.contains($0) && !colons.contains($0) } ?? false
    }

    /// The last scalar before closing marks.
    private static func lastMark(of text: some BidirectionalCollection<UInt8>) -> Unicode.Scalar? {
        let end = String(decoding: Array(text.suffix(tail)), as: UTF8.self).unicodeScalars
        return end.last { !isSpace($0) && !closers.contains($0) }
    }

    /// In bytes: space, a few closing marks, and the mark before them.
    private static let tail = 24

    private static let colons = Set(":：﹕︓៖፦".unicodeScalars)
    private static let closers = Set("\"'”’»›)]}）」』】*_-–—".unicodeScalars)
    private static let endMarks = Set(".!?;,|…。！？；．،؛؟।॥".unicodeScalars)
}
