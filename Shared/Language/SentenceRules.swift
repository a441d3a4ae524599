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

    typealias Word = Slice<UnsafeBufferPointer<UInt8>>

    private static func isDigit(_ byte: UInt8) -> Bool { byte &- 0x30 < 10 }
    private static func isCapital(_ byte: UInt8) -> Bool { byte &- 0x41 < 26 }
    private static func isRoman(_ word: Word) -> Bool { word.allSatisfy { "ivxlIVXL".utf8.contains($0) } }

    /// A section number or list marker at the start of a sentence: `5`, `2.1`, `(a`, `iv`, `B`; not a year.
    static func isEnumerator(_ word: Word) -> Bool {
        guard !word.isEmpty, word.count <= 8 else { return false }
        if isLetter(word) || isRoman(word) { return true }
        return word.split(separator: UInt8(ascii: ".")).allSatisfy { $0.count <= 3 && $0.allSatisfy(isDigit) }
    }

    /// Whether a point stands within a date: `12. 5. 2020`, or `12. 5.` behind a word like `am`.
    ///
    /// - Parameters:
    ///   - word: the word before the point.
    ///   - previous: the word before that in lower case.
    ///   - rest: the text behind the point without the space, at least ``longestRestOfDate`` bytes if there are as many.
    static func isInDate(_ word: Word, after previous: () -> String, before rest: Word) -> Bool {
        guard (1...2).contains(word.count), word.allSatisfy(isDigit), let first = rest.first, isDigit(first) else {
            return false
        }
        if isYear(rest) { return previous().utf8.dropLast().allSatisfy(isDigit) && previous().utf8.last == 0x2E }
        let month = rest.prefix(while: isDigit)
        guard month.count <= 2, rest.dropFirst(month.count).first == UInt8(ascii: ".") else { return false }
        let year = rest.dropFirst(month.count + 1)
        return isYear(year.drop(while: isSpace)) || Abbreviations.beforeOrdinals.contains(previous())
    }

    /// `12. 2020`
    static let longestRestOfDate = 9

    private static func isYear(_ text: Word) -> Bool {
        let digits = text.prefix(5).prefix(while: isDigit)
        return digits.count == 4 && (digits.starts(with: "19".utf8) || digits.starts(with: "20".utf8))
    }

    /// Whether a word is a single letter.
    private static func isLetter(_ word: Word) -> Bool {
        let letters = String(decoding: word.prefix(5), as: UTF8.self).unicodeScalars
        return letters.count == 1 && letters.first?.properties.isAlphabetic ?? false
    }

    /// Whether the point behind a word does not end a sentence.
    ///
    /// Every word before a point comes here, so most are dismissed by a look at their size or at one table.
    ///
    /// - Parameters:
    ///   - word: the word before the point, without opening quotes and brackets.
    ///   - previous: the word before that in lower case; empty at the start of a sentence.
    ///   - following: the next word.
    ///   - startsPlainly: whether the next word starts with a letter or a quote.
    static func isAbbreviation(
        _ word: Word, after previous: () -> String, before following: () -> [Unicode.Scalar], startsPlainly: Bool
    ) -> Bool {
        guard let first = word.first else { return false }
        if word.allSatisfy(isDigit) {
            guard word.count <= 3, let next = following().first, next.properties.isUppercase else { return false }
            return isMonth(following()) || isOrdinal(after: previous(), before: following())
        }
        let isASCII = word.allSatisfy { $0 < 0x80 }
        // Behind Cyrillic, scripts abbreviate in other ways.
        guard isASCII ? word.count <= Abbreviations.longest : first < 0xD5 else { return false }
        let lower = lowercase(word)
        let isCapital = isASCII ? isCapital(first) : lower.utf8.first != first || !lower.utf8.elementsEqual(word)
        switch Abbreviations.kinds[lower] {
        case .always: return true
        case .beforeWord: return !startsSentence(following())
        case .title where isCapital: return !startsSentence(following())
        case .inDegree where previous().utf8.last == UInt8(ascii: "."): return !startsSentence(following())
        case .beforeNumber where isBeforeNumber(following()): return true
        case .weekday where isCapital: return isBeforeNumber(following())
        case .beforeName: return !startsPlainly || Abbreviations.companies.contains(letters(of: following()))
        default: break
        }
        if word.suffix(3).elementsEqual("str".utf8) { return isBeforeNumber(following()) }
        if word.count > 1, isCapital, isRoman(word) { return isOrdinal(after: previous(), before: following()) }
        guard word.count <= 2 || word.contains(UInt8(ascii: ".")), isInitials(word) else { return false }
        // "in Annex A. The …" is no initial.
        if isLetter(word), Abbreviations.lettered.contains(previous()) { return false }
        return !startsSentence(following())
    }

    static func lowercase(_ word: Word) -> String {
        guard word.allSatisfy({ $0 < 0x80 }) else { return String(decoding: word, as: UTF8.self).lowercased() }
        return String(unsafeUninitializedCapacity: word.count) { target in
            for (offset, byte) in word.enumerated() { target[offset] = isCapital(byte) ? byte | 0x20 : byte }
            return word.count
        }
    }

    private static func isBeforeNumber(_ following: [Unicode.Scalar]) -> Bool {
        following.first.map { "0123456789ivxlIVXL§".unicodeScalars.contains($0) } ?? false
    }

    /// `J`, `U.S`, `e.g`: single letters separated by points.
    private static func isInitials(_ word: Word) -> Bool {
        word.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false).allSatisfy(isLetter)
    }

    /// As in `der 3. Vertrag` and `im 19. Jahrhundert`: an article or preposition comes before it, and no word behind it
    /// that begins a sentence; or a noun that ordinals go with. Languages that write the next word in lower case need no rule.
    private static func isOrdinal(after previous: String, before following: [Unicode.Scalar]) -> Bool {
        Abbreviations.ordinalNouns.contains(letters(of: following))
            || Abbreviations.beforeOrdinals.contains(previous) && !startsSentence(following)
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
}
