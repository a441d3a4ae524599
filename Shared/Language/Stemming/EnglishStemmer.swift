/// Porter's second stemmer for English ("Porter2").
enum EnglishStemmer {
    static func stem(_ word: inout StemWord) {
        if replaceException(&word) || word.count < 3 { return }
        prepare(&word)
        removePlural(&word)
        removePastOrGerund(&word)
        if word.last() == "y" || word.last() == "Y", word.count > 2, !vowels.contains(word.last(2)) {
            word[word.count - 1] = "i"
        }
        replaceDouble(&word)
        replaceNoun(&word)
        removeLast(&word)
        removeFinal(&word)
        word.exchange { $0 == "Y" ? "y" : nil }
    }

    private static let vowels = LetterSet("aeiouy")
    private static let aeo = LetterSet("aeo")
    private static let notShort = LetterSet("aeiouywxY")
    private static let beforeLi = LetterSet("cdeghkmnrt")

    // MARK: Exceptions

    private static let unchanged = AffixTable(beginnings: "sky news howe atlas cosmos bias andes")
    private static let adverbs = AffixTable(beginnings: "idly gently singly", "ugly early only", "skis", "skies")

    private static func replaceException(_ word: inout StemWord) -> Bool {
        if word.count > 6 { return false }
        if word.prefix(in: unchanged).end == word.count { return true }
        let exception = word.prefix(in: adverbs)
        guard exception.isFound, exception.end == word.count else { return false }
        switch exception.group {
        case 1: word.removeLast()
        case 2: word[word.count - 1] = "i"
        case 3: word.removeLast()
        default: word.replaceEnd(from: 2, with: "y")
        }
        return true
    }

    // MARK: Regions

    /// Marks each `y` that is a consonant as `Y`, and finds the regions.
    private static func prepare(_ word: inout StemWord) {
        if word[0] == "'" { word.remove(0..<1) }
        if word[0] == "y" { word[0] = "Y" }
        for index in 1..<max(word.count, 1) where word[index] == "y" && vowels.contains(word[index - 1]) {
            word[index] = "Y"
        }
        let beginning = word.prefix(in: beginnings)
        word.r1 = beginning.isFound ? beginning.end : word.region(vowels, from: 0)
        word.r2 = word.region(vowels, from: word.r1)
    }

    /// R1 begins behind these, so that `general` and `generous` differ.
    private static let beginnings = AffixTable(
        beginnings: "gener commun arsen past univers later emerg organ inter")

    /// Whether the letters before `end` are a short syllable.
    private static func isShort(_ word: StemWord, before end: Int) -> Bool {
        if word.ends("past", before: end) { return true }
        guard word.has(end - 1, outside: vowels), vowels.contains(word[end - 2]) else { return false }
        return end == 2 || word.has(end - 3, outside: vowels) && !notShort.contains(word[end - 1])
    }

    // MARK: Steps

    private static let apostrophes = AffixTable(endings: "' 's 's'")
    private static let plurals = AffixTable(endings: "sses", "ied ies", "s", "us ss")

    private static func removePlural(_ word: inout StemWord) {
        word.cut(at: word.suffix(in: apostrophes).start)
        let ending = word.suffix(in: plurals)
        switch ending.group {
        case 1: word.removeLast(2)
        case 2: word.removeLast(ending.start > 1 ? 2 : 1)
        case 3:
            if let vowel = word.index(of: vowels, from: 0), vowel < word.count - 2 { word.removeLast() }
        default: break
        }
    }

    private static let verbs = AffixTable(endings: "eed eedly", "ed edly ingly", "ing")
    private static let keepsEed = AffixTable(endings: "proc exc succ")
    private static let keepsIng = AffixTable(endings: "inn out cann herr earr even")
    private static let restored = AffixTable(endings: "at bl iz", "bb dd ff gg mm nn pp rr tt")

    private static func removePastOrGerund(_ word: inout StemWord) {
        let ending = word.suffix(in: verbs)
        switch ending.group {
        case 1:
            guard word.r1 <= ending.start else { return }
            let root = word.suffix(in: keepsEed, before: ending.start)
            if !root.isFound || root.start > 0 { word.replaceEnd(from: ending.start, with: "ee") }
            return
        case 2: break
        case 3:
            if ending.start == 2, word[1] == "y", word.has(0, outside: vowels) {
                word.replaceEnd(from: 1, with: "ie")
                return
            }
            let root = word.suffix(in: keepsIng, before: ending.start)
            if root.isFound, root.start == 0 { return }
        default: return
        }
        guard let vowel = word.index(of: vowels, from: 0), vowel < ending.start else { return }
        word.cut(at: ending.start)
        switch word.suffix(in: restored).group {
        case 1: word.append("e")
        case 2: if !(word.count == 3 && aeo.contains(word[0])) { word.removeLast() }
        default: if word.r1 == word.count, isShort(word, before: word.count) { word.append("e") }
        }
    }

    private static let doubles = AffixTable(
        endings: "tional", "enci", "anci", "abli", "entli", "izer ization", "ational ation ator", "alism aliti alli",
        "fulness fulli", "ousli ousness", "iveness iviti", "biliti bli", "ogist", "ogi", "lessli", "li")

    private static func replaceDouble(_ word: inout StemWord) {
        let ending = word.suffix(in: doubles)
        guard ending.isFound, word.r1 <= ending.start else { return }
        let replacement: StaticString
        switch ending.group {
        case 1: replacement = "tion"
        case 2: replacement = "ence"
        case 3: replacement = "ance"
        case 4: replacement = "able"
        case 5: replacement = "ent"
        case 6: replacement = "ize"
        case 7: replacement = "ate"
        case 8: replacement = "al"
        case 9: replacement = "ful"
        case 10: replacement = "ous"
        case 11: replacement = "ive"
        case 12: replacement = "ble"
        case 13: replacement = "og"
        case 14:
            guard word[ending.start - 1] == "l" else { return }
            replacement = "og"
        case 15: replacement = "less"
        default:
            guard beforeLi.contains(word[ending.start - 1]) else { return }
            replacement = ""
        }
        word.replaceEnd(from: ending.start, with: replacement)
    }

    private static let nouns = AffixTable(
        endings: "tional", "ational", "alize", "icate iciti ical", "ful ness", "ative")

    private static func replaceNoun(_ word: inout StemWord) {
        let ending = word.suffix(in: nouns)
        guard ending.isFound, word.r1 <= ending.start else { return }
        switch ending.group {
        case 1: word.replaceEnd(from: ending.start, with: "tion")
        case 2: word.replaceEnd(from: ending.start, with: "ate")
        case 3: word.replaceEnd(from: ending.start, with: "al")
        case 4: word.replaceEnd(from: ending.start, with: "ic")
        case 5: word.cut(at: ending.start)
        default: if word.r2 <= ending.start { word.cut(at: ending.start) }
        }
    }

    private static let lasts = AffixTable(
        endings: "al ance ence er ic able ible ant ement ment ent ism ate iti ous ive ize", "ion")

    private static func removeLast(_ word: inout StemWord) {
        let ending = word.suffix(in: lasts)
        guard ending.isFound, word.r2 <= ending.start else { return }
        let before = word[ending.start - 1]
        if ending.group == 1 || before == "s" || before == "t" { word.cut(at: ending.start) }
    }

    private static func removeFinal(_ word: inout StemWord) {
        let start = word.count - 1
        switch word.last() {
        case "e": if word.r2 <= start || word.r1 <= start && !isShort(word, before: start) { word.removeLast() }
        case "l": if word.r2 <= start, word.last(2) == "l" { word.removeLast() }
        default: break
        }
    }
}
