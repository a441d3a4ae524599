/// Distinguishes a full stop from the point of an abbreviation.
enum SentenceRules {
    static func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || byte &- 9 < 5 }

    static func isStop(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: ".") || byte == UInt8(ascii: "!") || byte == UInt8(ascii: "?")
    }

    static func isOpener(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "'") || byte == UInt8(ascii: "(")
            || byte == UInt8(ascii: "[") || byte == UInt8(ascii: "<")
    }

    static func isWideCloser(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar {
        case "\u{2019}", "\u{201D}", "\u{BB}", "\u{300D}", "\u{300F}", "\u{3011}", "\u{FF09}": true
        default: false
        }
    }

    static func isLowercase(_ byte: UInt8) -> Bool { byte &- 0x61 < 26 }

    static func isLetter(_ byte: UInt8) -> Bool { (byte | 0x20) &- 0x61 < 26 }

    static func isDigit(_ byte: UInt8) -> Bool { byte &- 0x30 < 10 }

    /// Whether a sentence can start with this byte.
    static func startsWord(_ byte: UInt8) -> Bool {
        isLetter(byte) || byte == UInt8(ascii: "\"") || byte >= 0x80
    }

    /// A section number or list marker at the start of a sentence: `5`, `2.1`, `(a`, `iv`, `B`.
    static func isEnumerator(_ word: [UInt8]) -> Bool {
        guard !word.isEmpty, word.count <= 8 else { return false }
        if word.allSatisfy({ isDigit($0) || $0 == UInt8(ascii: ".") }) { return true }
        if word.count == 1 { return isLetter(word[0]) }
        return word.allSatisfy { romanDigits.contains($0) }
    }

    /// - Parameters:
    ///   - word: the word before the point.
    ///   - following: the next word.
    ///   - startsPlainly: whether the next word starts with a letter or a quote.
    static func isAbbreviation(
        _ word: [UInt8], before following: [UInt8], startsPlainly: Bool
    ) -> Bool {
        guard !word.isEmpty, word.count <= 10 else { return false }
        let lower = String(decoding: word.map { isLetter($0) ? $0 | 0x20 : $0 }, as: UTF8.self)
        if alwaysAbbreviated.contains(lower) { return true }
        if word.count <= 2, word.allSatisfy(isDigit) { return isMonth(following) }
        if abbreviatedBeforeNumbers.contains(lower) {
            return following.first.map { isDigit($0) || romanDigits.contains($0) } ?? false
        }
        if abbreviatedAtNames.contains(lower) { return !startsPlainly }
        guard isInitials(word) else { return false }
        return !startsSentence(following)
    }

    /// `J`, `U.S`, `e.g`: single letters separated by points.
    private static func isInitials(_ word: [UInt8]) -> Bool {
        guard !word.count.isMultiple(of: 2) else { return false }
        return word.indices.allSatisfy {
            $0.isMultiple(of: 2) ? isLetter(word[$0]) : word[$0] == UInt8(ascii: ".")
        }
    }

    /// As in the German `31. März`; the month may also have a point.
    private static func isMonth(_ word: [UInt8]) -> Bool {
        let letters = word.prefix { isLetter($0) || $0 >= 0x80 }
        return months.contains(String(decoding: letters, as: UTF8.self))
    }

    private static let months: Set<String> = [
        "Januar", "Jänner", "Jan", "Februar", "Feber", "Feb", "März", "Mrz", "April", "Apr", "Mai", "Juni", "Jun",
        "Juli", "Jul", "August", "Aug", "September", "Sept", "Sep", "Oktober", "Okt", "November", "Nov", "Dezember",
        "Dez",
    ]

    /// Words that rarely follow initials unless they start a new sentence.
    private static func startsSentence(_ word: [UInt8]) -> Bool {
        let letters = word.prefix { isLetter($0) || $0 >= 0x80 }
        return sentenceStarters.contains(String(decoding: letters, as: UTF8.self))
    }

    private static let romanDigits = Set("ivxlIVXL".utf8)

    private static let alwaysAbbreviated: Set<String> = [
        "adm", "approx", "capt", "cf", "col", "dr", "e.g", "eg", "gen", "gov", "hon", "i.e", "ie",
        "lt", "maj", "messrs", "mr", "mrs", "ms", "mt", "prof", "rep", "rev", "sen", "sgt", "st",
        "v", "viz", "vs",
    ]

    private static let abbreviatedBeforeNumbers: Set<String> = [
        "app", "apr", "art", "aug", "ca", "ch", "chap", "cl", "dec", "eq", "ex", "feb", "fig",
        "figs", "jan", "jul", "jun", "mar", "no", "nos", "nov", "oct", "op", "p", "par", "para",
        "pp", "pt", "sec", "sect", "sep", "sept", "ser", "tab", "vol", "vols",
    ]

    /// Abbreviations that end a sentence if an ordinary word follows, but not before `<`, `(` or a number.
    private static let abbreviatedAtNames: Set<String> = [
        "al", "bros", "co", "corp", "ed", "eds", "est", "etc", "inc", "jr", "ltd", "sr",
    ]

    private static let sentenceStarters: Set<String> = [
        "A", "After", "All", "An", "And", "As", "At", "But", "By", "For", "He", "Her", "His",
        "How", "However", "I", "If", "In", "It", "Its", "My", "No", "On", "Our", "She", "So",
        "The", "Their", "There", "These", "They", "This", "Those", "To", "We", "What", "When",
        "While", "You", "Your",
    ]
}
