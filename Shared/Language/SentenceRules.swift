/// Distinguishes a full stop from the point of an abbreviation or an ordinal.
enum SentenceRules {
    static func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || byte &- 9 < 5 }

    static func isStop(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: ".") || byte == UInt8(ascii: "!") || byte == UInt8(ascii: "?")
    }

    /// Whether it ends a sentence in a script that has a full stop or question mark of its own. Unlike a point, none of
    /// them is part of a word.
    static func isForeignStop(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x3002, 0xFF01, 0xFF1F, 0xFF61: true  // Chinese and Japanese
        case 0x0964, 0x0965: true  // dandas of the Indic scripts
        case 0x061F, 0x06D4, 0x0589: true  // Arabic, Urdu, Armenian
        case 0x104A, 0x104B, 0x17D4, 0x17D5, 0x0F0D, 0x0F0E: true  // Burmese, Khmer, Tibetan
        case 0x1362, 0x1367: true  // Ethiopic
        default: false
        }
    }

    static func isOpener(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar {
        case "\"", "'", "(", "[", "<", "¿", "¡", "«", "‹", "“", "„", "‘", "‚": true
        default: false
        }
    }

    static func isWideCloser(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar {
        case "\u{2018}", "\u{2019}", "\u{201C}", "\u{201D}", "\u{203A}", "\u{BB}", "\u{300D}", "\u{300F}", "\u{3011}",
            "\u{FF09}":
            true
        default: false
        }
    }

    /// A sentence does not start in lower case. Scripts that have only one case, such as Georgian, are left out,
    /// although Unicode calls their letters lower-case.
    static func isLowercase(_ scalar: Unicode.Scalar) -> Bool {
        if scalar.isASCII { return (0x61...0x7A).contains(scalar.value) }
        let hasCases = scalar.value < 0x590 || (0x1E00...0x1FFF).contains(scalar.value)
        return hasCases && scalar.properties.isLowercase
    }

    /// Whether a sentence can start with this byte.
    static func startsWord(_ byte: UInt8) -> Bool {
        (byte | 0x20) &- 0x61 < 26 || byte == UInt8(ascii: "\"") || byte >= 0x80
    }

    private static func isDigit(_ scalar: Unicode.Scalar) -> Bool { (0x30...0x39).contains(scalar.value) }

    private static func isRoman(_ word: [Unicode.Scalar]) -> Bool { word.allSatisfy { romanDigits.contains($0) } }

    /// A section number or list marker at the start of a sentence: `5`, `2.1`, `(a`, `iv`, `B`.
    static func isEnumerator(_ word: [Unicode.Scalar]) -> Bool {
        guard !word.isEmpty, word.count <= 8 else { return false }
        if word.allSatisfy({ isDigit($0) || $0 == "." }) { return true }
        if word.count == 1 { return word[0].properties.isAlphabetic }
        return isRoman(word)
    }

    /// - Parameters:
    ///   - word: the word before the point.
    ///   - previous: the word before that in lower case; empty at the start of a sentence.
    ///   - following: the next word.
    ///   - startsPlainly: whether the next word starts with a letter or a quote.
    static func isAbbreviation(
        _ word: [Unicode.Scalar], after previous: () -> String, before following: () -> [Unicode.Scalar],
        startsPlainly: Bool
    ) -> Bool {
        guard !word.isEmpty, word.count <= 10 else { return false }
        let lower = lowercase(word)
        let isCapital = word[0].properties.isUppercase
        if Abbreviations.always.contains(lower) { return true }
        if isCapital, Abbreviations.titles.contains(lower) { return !startsSentence(following()) }
        if word.count <= 3, word.allSatisfy(isDigit) {
            return isMonth(following()) || isOrdinal(after: previous(), before: following())
        }
        if word.count > 1, isCapital, isRoman(word) { return isOrdinal(after: previous(), before: following()) }
        if Abbreviations.beforeNumbers.contains(lower) || lower.hasSuffix("str") {
            return following().first.map { isDigit($0) || romanDigits.contains($0) } ?? false
        }
        if Abbreviations.beforeNames.contains(lower) { return !startsPlainly }
        guard isInitials(word) else { return false }
        // "in Annex A. The …" is no initial.
        if word.count == 1, Abbreviations.lettered.contains(previous()) { return false }
        return !startsSentence(following())
    }

    private static func lowercase(_ word: [Unicode.Scalar]) -> String {
        guard word.allSatisfy(\.isASCII) else { return String(String.UnicodeScalarView(word)).lowercased() }
        return String(
            decoding: word.map { (0x41...0x5A).contains($0.value) ? UInt8($0.value) | 0x20 : UInt8($0.value) },
            as: UTF8.self)
    }

    /// `J`, `U.S`, `e.g`: single letters separated by points.
    private static func isInitials(_ word: [Unicode.Scalar]) -> Bool {
        guard !word.count.isMultiple(of: 2) else { return false }
        return word.indices.allSatisfy {
            $0.isMultiple(of: 2) ? word[$0].properties.isAlphabetic : word[$0] == "."
        }
    }

    /// As in `der 3. Vertrag` and `im 19. Jahrhundert`: an article or preposition comes before it, and no word behind it
    /// that begins a sentence. Languages that write the next word in lower case need no rule.
    private static func isOrdinal(after previous: String, before following: [Unicode.Scalar]) -> Bool {
        Abbreviations.beforeOrdinals.contains(previous) && !startsSentence(following)
    }

    /// As in the German `31. März`; the month may also have a point.
    private static func isMonth(_ word: [Unicode.Scalar]) -> Bool {
        Abbreviations.months.contains(letters(of: word))
    }

    /// Words that rarely follow initials unless they start a new sentence.
    private static func startsSentence(_ word: [Unicode.Scalar]) -> Bool {
        Abbreviations.sentenceStarters.contains(letters(of: word))
    }

    private static func letters(of word: [Unicode.Scalar]) -> String {
        String(String.UnicodeScalarView(word.prefix { $0.properties.isAlphabetic }))
    }

    private static let romanDigits = Set("ivxlIVXL".unicodeScalars)
}
