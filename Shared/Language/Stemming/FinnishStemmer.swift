/// Snowball's stemmer for Finnish.
enum FinnishStemmer {
    static func stem(_ word: inout StemWord) {
        word.findRegions(vowels)
        removeParticle(&word)
        removePossessive(&word)
        let hadCase = removeCase(&word)
        removeComparison(&word)
        if hadCase {
            if word.last() == "i" || word.last() == "j", word.count > word.r1 { word.removeLast() }
        } else {
            removePlural(&word)
        }
        tidyUp(&word)
    }

    private static let vowels = LetterSet("aeiouyäö")
    private static let consonants = LetterSet("bcdfghjklmnpqrstvwxz")
    private static let aei = LetterSet("aäei")
    private static let beforeParticle = LetterSet("aeiouyäönt")

    private static let particles = AffixTable(endings: "kin kaan kään ko kö han hän pa pä", "sti")

    private static func removeParticle(_ word: inout StemWord) {
        let ending = word.suffix(in: particles, from: word.r1)
        switch ending.group {
        case 1: if beforeParticle.contains(word[ending.start - 1]) { word.cut(at: ending.start) }
        case 2: if word.r2 <= ending.start { word.cut(at: ending.start) }
        default: break
        }
    }

    private static let possessives = AffixTable(endings: "si", "ni", "nsa nsä mme nne", "an", "än", "en")
    private static let beforeAn = AffixTable(endings: "ta ssa sta lla lta na")
    private static let beforeÄn = AffixTable(endings: "tä ssä stä llä ltä nä")
    private static let beforeEn = AffixTable(endings: "lle ine")

    private static func removePossessive(_ word: inout StemWord) {
        let ending = word.suffix(in: possessives, from: word.r1)
        let isRemoved =
            switch ending.group {
            case 1: word[ending.start - 1] != "k"
            case 2, 3: true
            case 4: word.suffix(in: beforeAn, before: ending.start).isFound
            case 5: word.suffix(in: beforeÄn, before: ending.start).isFound
            case 6: word.suffix(in: beforeEn, before: ending.start).isFound
            default: false
            }
        guard isRemoved else { return }
        word.cut(at: ending.start)
        if ending.group == 2, word.ends("kse") { word[word.count - 1] = "i" }
    }

    // MARK: Cases

    private static let cases = AffixTable(
        endings: "hän hön han hen hin hon hun", "siin den tten", "seen", "n", "a ä", "tta ttä",
        "ta tä ssa ssä sta stä lla llä lta ltä lle na nä ksi ine")

    /// True if a case was removed.
    private static func removeCase(_ word: inout StemWord) -> Bool {
        let limit = word.r1
        var ending = word.suffix(in: cases, from: limit)
        var start = ending.start
        // An entry whose condition fails gives way to a shorter one.
        if ending.group == 1 && !isIllative(word, at: start, limit: limit)
            || ending.group == 2 && !endsInVowelAndI(word, before: start, limit: limit)
            || ending.group == 3 && !endsInLongVowel(word, before: start, limit: limit)
        {
            ending.group = 4
            start = word.count - 1
        }
        switch ending.group {
        case 1, 2, 3, 7: break
        case 4:
            if endsInLongVowel(word, before: start, limit: 0) || word.ends("ie", before: start) { start -= 1 }
        case 5:
            guard vowels.contains(word[start - 1]), consonants.contains(word[start - 2]) else { return false }
        case 6: guard word[start - 1] == "e" else { return false }
        default: return false
        }
        word.cut(at: start)
        return true
    }

    /// Whether the vowel of `-han`, `-hen` … is also the one before it.
    private static func isIllative(_ word: StemWord, at start: Int, limit: Int) -> Bool {
        guard start > limit else { return false }
        let vowel = word[start + 1]
        let before = word[start - 1]
        return before == vowel || before == "'" || vowel == "ö" && before == "ø"
    }

    private static func endsInLongVowel(_ word: StemWord, before end: Int, limit: Int) -> Bool {
        let vowel = word[end - 1]
        return end - 2 >= limit && vowel == word[end - 2] && vowel != "y" && vowels.contains(vowel)
    }

    private static func endsInVowelAndI(_ word: StemWord, before end: Int, limit: Int) -> Bool {
        if word[end - 1] == "'" { return end > limit }
        let vowel = word[end - 2]
        return end - 2 >= limit && word[end - 1] == "i" && vowel != "y" && vowels.contains(vowel)
    }

    // MARK: Other endings

    private static let comparisons = AffixTable(
        endings: "mpi mpa mpä mmi mma mmä", "impi impa impä immi imma immä eja ejä")

    private static func removeComparison(_ word: inout StemWord) {
        let ending = word.suffix(in: comparisons, from: word.r2)
        if ending.group == 2 || ending.group == 1 && !word.ends("po", before: ending.start) {
            word.cut(at: ending.start)
        }
    }

    private static let comparedPlurals = AffixTable(endings: "mma", "imma")

    private static func removePlural(_ word: inout StemWord) {
        guard word.last() == "t", word.count > word.r1, word.count - 2 >= word.r1, vowels.contains(word.last(2))
        else { return }
        word.removeLast()
        let ending = word.suffix(in: comparedPlurals, from: word.r2)
        if ending.group == 2 || ending.group == 1 && !word.ends("po", before: ending.start) {
            word.cut(at: ending.start)
        }
    }

    private static func tidyUp(_ word: inout StemWord) {
        if word.count >= word.r1 {
            let limit = word.r1
            if endsInLongVowel(word, before: word.count, limit: limit) { word.removeLast() }
            if aei.contains(word.last()), consonants.contains(word.last(2)) { word.removeLast(after: limit) }
            if word.last() == "j", word.last(2) == "o" || word.last(2) == "u" { word.removeLast(after: limit) }
            if word.last() == "o", word.last(2) == "j" { word.removeLast(after: limit) }
        }
        undouble(&word)
        if word.last() == "'" { word.removeLast() }
    }

    /// Removes one of two equal consonants before the last vowels.
    private static func undouble(_ word: inout StemWord) {
        var index = word.count - 1
        while index >= 0, vowels.contains(word[index]) { index -= 1 }
        guard index > 0, consonants.contains(word[index]), word[index - 1] == word[index] else { return }
        word.remove(index..<(index + 1))
    }
}

extension StemWord {
    /// Removes the last letter if it and the one before it are not before `limit`.
    fileprivate mutating func removeLast(after limit: Int) {
        if count - 2 >= limit { removeLast() }
    }
}
