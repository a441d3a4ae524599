import Language

/// The marker of a list item in plain text.
enum ListMarker: Equatable {
    /// `-`, `*`, `+`, `•` or another sign that is used for nothing else at the start of a line.
    case bullet
    /// `–` or `—`, which may also begin a line of prose.
    case dash
    /// `1.`, `12)`
    case number(closing: UInt8)
    /// `(a)`, `b)`, `iv.`
    case letter(closing: UInt8)

    /// Finds the marker at the start of a line; a space must follow it.
    init?(in bytes: [UInt8], at range: Range<Int>) {
        let line = bytes[range]
        guard let first = line.first else { return nil }
        switch first {
        case UInt8(ascii: "-"), UInt8(ascii: "*"), UInt8(ascii: "+"):
            guard line.dropFirst().first == 0x20 else { return nil }
            self = .bullet
        case 0xC2...:
            if ListText.lengthOfSign(line) > 0 {
                self = .bullet
            } else if line.starts(with: "– ".utf8) || line.starts(with: "— ".utf8) {
                self = .dash
            } else if let closing = ListText.markOfWideNumber(line) {
                self = .number(closing: closing)
            } else {
                return nil
            }
        default:
            guard let marker = Self.enumerator(line) else { return nil }
            self = marker
        }
    }

    private static func enumerator(_ line: ArraySlice<UInt8>) -> ListMarker? {
        let isOpen = line.first == UInt8(ascii: "(")
        let rest = isOpen ? line.dropFirst() : line
        let label = rest.prefix(6).prefix { TextBytes.isDigit($0) || TextBytes.isLetter($0) }
        let tail = rest.dropFirst(label.count)
        if let byte = tail.first, byte >= 0x80 { return ListText.markOfWideNumber(line).map { .number(closing: $0) } }
        guard let closing = tail.first, tail.dropFirst().first == 0x20, let first = label.first
        else { return nil }
        let isBracket = closing == UInt8(ascii: ")")
        guard isBracket || (!isOpen && closing == UInt8(ascii: ".")) else { return nil }
        if label.allSatisfy(TextBytes.isDigit) {
            return label.count <= 3 ? .number(closing: closing) : nil
        }
        // "A." and "I." begin sentences and names more often than list items.
        let isLabel =
            label.count == 1
            ? TextBytes.isLetter(first) && (isBracket || TextBytes.isLowercase(first))
            : label.allSatisfy { "ivxl".utf8.contains($0) }
        return isLabel ? .letter(closing: closing) : nil
    }
}

/// How the numbers of a list are written.
enum ListNumbering: Equatable {
    case decimal, lowerLetter, upperLetter, lowerRoman, upperRoman

    /// The number as text. What has no such form is written in digits.
    func text(of number: Int) -> String {
        switch self {
        case .lowerLetter where (1...Self.largestLetters).contains(number): Self.letters(number, first: 0x61)
        case .upperLetter where (1...Self.largestLetters).contains(number): Self.letters(number, first: 0x41)
        case .lowerRoman where (1...Self.largestRoman).contains(number): Self.roman(number, case: 0x20)
        case .upperRoman where (1...Self.largestRoman).contains(number): Self.roman(number, case: 0)
        default: String(number)
        }
    }

    /// Two letters, and three thousand-odd, are more than a list of this kind has.
    private static let largestLetters = 26 * 27
    private static let largestRoman = 3_999

    /// a, b, … z, aa, ab, …
    private static func letters(_ number: Int, first: UInt8) -> String {
        let last = first + UInt8((number - 1) % 26)
        let before = (number - 1) / 26
        return String(decoding: before == 0 ? [last] : [first + UInt8(before - 1), last], as: UTF8.self)
    }

    /// - Parameter bit: what makes a capital letter of ASCII the letter that is wanted.
    private static func roman(_ number: Int, case bit: UInt8) -> String {
        let signs = [
            (1000, "M"), (900, "CM"), (500, "D"), (400, "CD"), (100, "C"), (90, "XC"), (50, "L"), (40, "XL"), (10, "X"),
            (9, "IX"), (5, "V"), (4, "IV"), (1, "I"),
        ]
        var rest = number
        var text: [UInt8] = []
        for (value, sign) in signs {
            while rest >= value {
                text.append(contentsOf: sign.utf8)
                rest -= value
            }
        }
        return String(decoding: text.map { $0 | bit }, as: UTF8.self)
    }
}

extension ListMarker {
    /// The marker of items that have no number, in all formats whose lists are markup.
    static let plain = "-"
    /// The size in bytes beyond which the paragraphs of an item are no longer joined.
    static let longestItem = 1_000

    /// `marker item`, or the item alone if its author typed a marker.
    static func marked(_ item: [UInt8], with marker: String) -> [UInt8] {
        if item.isEmpty || ListMarker(in: item, at: 0..<item.count) != nil { return item }
        return Array("\(marker) ".utf8) + item
    }
}
