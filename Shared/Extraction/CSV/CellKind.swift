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

    init(_ cell: [UInt8]) {
        let range = TextBytes.trim(cell, 0..<cell.count)
        guard range.count <= Self.longestValue else {
            self = .text
            return
        }
        let text = cell[range]
        let word = String(decoding: text.map(TextBytes.lowercase), as: UTF8.self)
        if range.isEmpty || Self.missing.contains(word) {
            self = .empty
        } else if Self.flags.contains(word) {
            self = .flag
        } else if !text.contains(where: TextBytes.isDigit) {
            self = .text
        } else if Self.isValue(text) {
            self = .value
        } else {
            self = text.contains(where: TextBytes.isSpace) ? .text : .code
        }
    }

    private static let missing: Set<String> = [
        "-", "--", "–", "—", ".", "?", "n/a", "na", "n.a.", "nan", "null", "none", "nil", "#n/a", "k.a.",
    ]

    private static let flags: Set<String> = [
        "true", "false", "yes", "no", "ja", "nein", "oui", "non", "sí", "si", "да", "нет", "wahr", "falsch", "vrai",
        "faux",
    ]

    /// `-3.5`, `$1,200.00`, `EUR 12`, `12 kg`, `40 %`, `2023-11-04T10:30Z`, `(1,234)`.
    private static func isValue(_ text: ArraySlice<UInt8>) -> Bool {
        var rest = text
        // A currency or a sign before the number.
        let before = rest.prefix { !TextBytes.isDigit($0) }
        guard before.count(where: { TextBytes.isLetter($0) }) <= 3, before.count <= longestUnit,
            !before.contains(where: { $0 == UInt8(ascii: "#") || $0 == UInt8(ascii: "_") }),
            // `A1` is a code; `EUR 12` and `±1` are values.
            before.last.map({ !TextBytes.isLetter($0) && $0 != UInt8(ascii: "-") || before.count == 1 && $0 == 0x2D })
                ?? true
        else { return false }
        rest = rest.dropFirst(before.count)
        let number = rest.prefix(while: isOfNumber)
        let after = rest.dropFirst(number.count)
        guard !after.contains(where: TextBytes.isDigit) else { return false }
        let unit = after.drop(while: TextBytes.isSpace)
        // `5th` and `3D` are codes; `5 kg`, `5%` and `5°` are values.
        let isApart = unit.count < after.count || number.last.map(TextBytes.isSpace) ?? false
        let isSymbol = unit.first.map { !TextBytes.isLetter($0) } ?? true
        return unit.count <= longestUnit && (isApart || isSymbol) && !unit.contains(where: TextBytes.isSpace)
    }

    /// Digits and what is between them, in numbers, dates and times.
    private static func isOfNumber(_ byte: UInt8) -> Bool {
        TextBytes.isDigit(byte) || TextBytes.isSpace(byte) || ".,:/'-+TZeE".utf8.contains(byte)
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
