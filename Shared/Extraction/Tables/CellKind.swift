import Wire

/// What a cell of a table contains, to tell names of columns from values.
enum CellKind: Equatable {
    /// Nothing, or a sign for a missing value.
    case empty
    /// A number, with its unit or currency, or a date or time in digits.
    case value
    /// Letters and digits in one word, as in `SKU-4711`.
    case code
    /// Yes or no.
    case flag
    case text

    /// Longer cells are text.
    private static let longestValue = 64
    /// `kg`, `EUR`, `km/h`, `mmHg`.
    private static let longestUnit = 6

    /// Longer words are neither flags nor signs for a missing value.
    private static let longestFlag = 6

    init(_ cell: [UInt8]) {
        let text = cell[TextBytes.trim(cell, 0..<cell.count)]
        if text.isEmpty {
            self = .empty
        } else if text.count > Self.longestValue {
            self = .text
        } else if text.contains(where: TextBytes.isDigit) {
            self = Self.isValue(text) ? .value : text.contains(where: TextBytes.isSpace) ? .text : .code
        } else if text.count <= Self.longestFlag {
            let word = String(decoding: text.map(TextBytes.lowercase), as: UTF8.self)
            self = Self.missing.contains(word) ? .empty : Self.flags.contains(word) ? .flag : .text
        } else {
            self = .text
        }
    }

    private static let missing: Set<String> = [
        "-", "--", "–", "—", ".", "?", "n/a", "na", "n.a.", "nan", "null", "none", "nil", "#n/a", "k.a.",
    ]

    private static let flags: Set<String> = [
        "true", "false", "yes", "no", "ja", "nein", "oui", "non", "sí", "si", "да", "нет", "wahr", "falsch", "vrai",
        "faux",
    ]

    /// `-3.5`, `$1,200.00`, `EUR 12`, `12 kg`, `40 %`, `2023-11-04T10:30Z`, `(1,234)`, `3 to 5 days`.
    private static func isValue(_ text: ArraySlice<UInt8>) -> Bool {
        // A currency or a sign before the number.
        let before = text.prefix { !TextBytes.isDigit($0) }
        guard before.count(where: { TextBytes.isLetter($0) }) <= 3, before.count <= longestUnit,
            !before.contains(where: { $0 == UInt8(ascii: "#") || $0 == UInt8(ascii: "_") }),
            // `A1` is a code; `EUR 12` and `±1` are values.
            before.last.map({ !TextBytes.isLetter($0) && $0 != UInt8(ascii: "-") || before.count == 1 && $0 == 0x2D })
                ?? true
        else { return false }
        let rest = text.dropFirst(before.count)
        let number = rest[..<endOfNumber(rest)]
        let after = rest[number.endIndex...]
        guard !after.contains(where: TextBytes.isDigit) else { return isRange(text) }
        let unit = after.drop(while: TextBytes.isSpace)
        // `5th` and `3D` are codes; `5 kg`, `5%` and `5°` are values.
        let isApart = unit.count < after.count || number.last.map(TextBytes.isSpace) ?? false
        let isSymbol = unit.first.map { !TextBytes.isLetter($0) } ?? true
        return unit.count <= longestUnit && (isApart || isSymbol) && !unit.contains(where: TextBytes.isSpace)
    }

    /// The end of what belongs to numbers, dates and times: digits, what is between them, and a letter as in `1e5`,
    /// `04T10` and `30Z`.
    private static func endOfNumber(_ text: ArraySlice<UInt8>) -> Int {
        var index = text.startIndex
        while index < text.endIndex {
            let byte = text[index]
            let isPart = TextBytes.isDigit(byte) || TextBytes.isSpace(byte) || ".,:/'-+".utf8.contains(byte)
            let isLetterWithin =
                "TZeE".utf8.contains(byte) && TextBytes.isDigit(text[index - 1])
                && (index + 1 == text.endIndex ? byte == UInt8(ascii: "Z") : !TextBytes.isLetter(text[index + 1]))
            guard isPart || isLetterWithin else { break }
            index += 1
        }
        return index
    }

    /// Whether several numbers have no more letters than a unit beside and between them: `3 to 5 days`, `9–17`,
    /// `4 Nov 2023`.
    private static func isRange(_ text: ArraySlice<UInt8>) -> Bool {
        // A dash begins with this byte in UTF-8.
        guard text.first.map(TextBytes.isDigit) ?? false, text.contains(where: { TextBytes.isSpace($0) || $0 == 0xE2 })
        else { return false }
        return text.count { TextBytes.isLetter($0) || $0 >= 0xC3 && $0 != 0xE2 } <= longestUnit
    }

    /// The text without digits, separators and space.
    static func unit(of text: [UInt8]) -> [UInt8] {
        text.filter { !TextBytes.isDigit($0) && !TextBytes.isSpace($0) && !".,:-+/".utf8.contains($0) }
    }
}

extension [UInt8] {
    /// The whole number that a cell consists of, of at most nine digits.
    var wholeNumber: Int? {
        let range = TextBytes.trim(self, 0..<count)
        guard (1...9).contains(range.count), self[range].allSatisfy(TextBytes.isDigit) else { return nil }
        return self[range].reduce(0) { $0 * 10 + Int($1) - 0x30 }
    }
}
