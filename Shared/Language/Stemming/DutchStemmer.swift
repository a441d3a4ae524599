/// The stemmer for Dutch of W. Kraaij and R. Pohlmann (1994), as revised by Snowball.
enum DutchStemmer {
    static func stem(_ word: inout StemWord) {
        measure(&word)
        var isStemmed = removeInflection(&word)
        isStemmed = removeDiminutive(&word) || isStemmed
        isStemmed = removeNoun(&word) || isStemmed
        isStemmed = removeAdjective(&word) || isStemmed
        if removePrefix(&word) {
            isStemmed = true
            removeParticiple(&word)
        }
        if removeInfix(&word) {
            isStemmed = true
            removeParticiple(&word)
        }
        if removeFinalT(&word) || isStemmed { undouble(&word) }
    }

    // MARK: Steps

    private static let inflections = AffixTable(endings: "'s", "s", "ies", "es", "és", "aus", "en", "nde")

    private static func removeInflection(_ word: inout StemWord) -> Bool {
        let ending = word.suffix(in: inflections)
        let start = ending.start
        let isInR1 = word.r1 <= start
        let isAfterConsonant = endsInConsonant(word, before: start)
        switch ending.group {
        case 1: word.cut(at: start)
        case 2:
            guard isInR1, isAfterConsonant, !(word[start - 1] == "t" && word.r1 <= start - 1) else { return false }
            word.cut(at: start)
        case 3:
            guard isInR1 else { return false }
            word.removeLast()
        case 4: return removeEs(&word, at: start)
        case 5:
            guard isInR1 else { return false }
            word.removeLast()
        case 6:
            guard isInR1, endsInVowel(word, before: start) else { return false }
            word.removeLast()
        case 7: return removeEn(&word, at: start)
        case 8: word.removeLast()
        default: return false
        }
        return true
    }

    private static func removeEs(_ word: inout StemWord, at start: Int) -> Bool {
        let before = start - 2
        let isInR1 = word.r1 <= before && endsInConsonant(word, before: before)
        if isInR1, word.ends("ar", before: start) {
            word.cut(at: start)
            lengthenVowel(&word)
        } else if isInR1, word.ends("er", before: start) {
            word.cut(at: start)
        } else {
            guard word.r1 <= start, endsInConsonant(word, before: start) else { return false }
            word.removeLast()
        }
        return true
    }

    private static func removeEn(_ word: inout StemWord, at start: Int) -> Bool {
        if let hed = word.start(of: "hed", before: start), word.r1 <= hed {
            word.replaceEnd(from: hed, with: "heid")
        } else if word.ends("nd", before: start) {
            word.cut(at: start)
        } else if word[start - 1] == "d", word.r1 <= start - 1, endsInConsonant(word, before: start - 1) {
            word.cut(at: start - 1)
        } else if word[start - 1] == "i" || word[start - 1] == "j", endsInVowel(word, before: start - 1) {
            word.cut(at: start)
        } else {
            guard word.r1 <= start, endsInConsonant(word, before: start) else { return false }
            word.cut(at: start)
            lengthenVowel(&word)
        }
        return true
    }

    private static let diminutives = AffixTable(
        endings: "je", "ge lijke ische te se re", "de", "le", "ene", "ieve")

    private static func removeDiminutive(_ word: inout StemWord) -> Bool {
        let ending = word.suffix(in: diminutives)
        let start = ending.start
        if ending.group == 1 { return removeJe(&word, at: start) }
        guard ending.isFound, word.r1 <= start else { return false }
        if ending.group == 3 || ending.group > 4, !endsInConsonant(word, before: start) { return false }
        switch ending.group {
        case 2: word.removeLast()
        case 3: word.cut(at: start)
        case 4:
            word.removeLast()
            lengthenVowel(&word)
        case 5:
            word.removeLast()
            lengthenVowel(&word)
        default: word.replaceEnd(from: start, with: "ief")
        }
        return true
    }

    private static func removeJe(_ word: inout StemWord, at start: Int) -> Bool {
        if word.ends("'t", before: start) {
            word.cut(at: start - 2)
        } else if word.ends("et", before: start), word.r1 <= start - 2, endsInConsonant(word, before: start - 2) {
            word.cut(at: start - 2)
        } else if word.ends("rnt", before: start) {
            word.cut(at: start - 1)
        } else if word[start - 1] == "t", word.r1 <= start - 1,
            start > 1 && vowelsAndY.contains(word[start - 3]) || word.ends("ij", before: start - 2)
        {
            word.cut(at: start - 1)
        } else if let ink = word.start(of: "ink", before: start) {
            word.replaceEnd(from: ink, with: "ing")
        } else if word.ends("mp", before: start) {
            word.cut(at: start - 1)
        } else if word[start - 1] == "'", word.r1 <= start - 1 {
            word.cut(at: start - 1)
        } else {
            guard word.r1 <= start, endsInConsonant(word, before: start) else { return false }
            word.cut(at: start)
        }
        return true
    }

    private static let nouns = AffixTable(
        endings: "atie", "iteit", "heid sel ster", "rder", "ing isme erij", "arij", "fie gie", "tst dst")

    private static func removeNoun(_ word: inout StemWord) -> Bool {
        let ending = word.suffix(in: nouns)
        let start = ending.start
        if ending.group == 4 {
            word.replaceEnd(from: start, with: "r")
            return true
        }
        if ending.group == 5, word.ends("ild", before: start) {
            word.replaceEnd(from: start, with: "er")
            return true
        }
        guard ending.isFound, (ending.group == 7 ? word.r2 : word.r1) <= start else { return false }
        switch ending.group {
        case 1: word.replaceEnd(from: start, with: "eer")
        case 2, 5:
            word.cut(at: start)
            lengthenVowel(&word)
        case 3: word.cut(at: start)
        case 6:
            guard endsInConsonant(word, before: start) else { return false }
            word.replaceEnd(from: start, with: "aar")
        case 7:
            word.removeLast(2)
            lengthenVowel(&word)
        default:
            guard endsInConsonant(word, before: start) else { return false }
            word.removeLast(2)
        }
        return true
    }

    private static let adjectives = AffixTable(
        endings: "ioneel", "atief", "baar achtig achtiger achtigst", "naar laar raar", "tant", "lijker lijkst",
        "eriger erigst erig end")
    private static let shortAdjectives = AffixTable(endings: "iger igst ig")

    private static func removeAdjective(_ word: inout StemWord) -> Bool {
        removeLongAdjective(&word) || removeShortAdjective(&word)
    }

    private static func removeLongAdjective(_ word: inout StemWord) -> Bool {
        let ending = word.suffix(in: adjectives)
        let start = ending.start
        guard ending.isFound, word.r1 <= start else { return false }
        switch ending.group {
        case 1: word.replaceEnd(from: start, with: "ie")
        case 2: word.replaceEnd(from: start, with: "eer")
        case 3: word.cut(at: start)
        case 4:
            guard endsInVowel(word, before: start) else { return false }
            word.cut(at: start + 1)
        case 5: word.replaceEnd(from: start, with: "teer")
        case 6: word.cut(at: start + 4)
        default:
            guard endsInConsonant(word, before: start) else { return false }
            word.cut(at: start)
            lengthenVowel(&word)
        }
        return true
    }

    private static func removeShortAdjective(_ word: inout StemWord) -> Bool {
        let ending = word.suffix(in: shortAdjectives)
        let start = ending.start
        guard ending.isFound, word.r1 <= start, endsInConsonant(word, before: start),
            !(start == 3 && word.ends("inn", before: start))
        else { return false }
        word.cut(at: start)
        lengthenVowel(&word)
        return true
    }

    // MARK: Participles

    private static let notPrefixed = AffixTable(beginnings: "eft val vaa vare", "vali")

    private static func removePrefix(_ word: inout StemWord) -> Bool {
        guard word[0] == "g", word[1] == "e", isRoot(word, at: 2), word.prefix(in: notPrefixed, from: 2).group != 1
        else { return false }
        removeGe(&word, at: 0)
        return true
    }

    private static func removeInfix(_ word: inout StemWord) -> Bool {
        var index = 1
        while index + 1 < word.count, !(word[index] == "g" && word[index + 1] == "e") { index += 1 }
        guard index + 1 < word.count, isRoot(word, at: index + 2) else { return false }
        removeGe(&word, at: index)
        return true
    }

    /// Whether three letters follow, and a consonant behind their vowels.
    private static func isRoot(_ word: StemWord, at start: Int) -> Bool {
        start + 3 <= word.count && measure(word, from: start) != nil
    }

    private static func removeGe(_ word: inout StemWord, at start: Int) {
        word.remove(start..<(start + 2))
        if word[start] == "ë" { word[start] = "e" } else if word[start] == "ï" { word[start] = "i" }
        measure(&word)
    }

    private static func removeParticiple(_ word: inout StemWord) {
        let start = word.count - 1
        guard word.r1 <= start, endsInConsonant(word, before: start) else { return }
        switch word.last() {
        case "d":
            if word[start - 1] == "n", word.r1 <= start - 1 { return }
            if word.equals("ind") { word[2] = "n" } else { word.removeLast() }
        case "t":
            if word[start - 1] == "h", word.r1 <= start - 1 { return }
            if !word.equals("ent") { word.removeLast() }
        default: break
        }
    }

    // MARK: Consonants

    private static let finalT = AffixTable(endings: "kt ft pt")

    private static func removeFinalT(_ word: inout StemWord) -> Bool {
        guard word.suffix(in: finalT).isFound else { return false }
        word.removeLast()
        return true
    }

    private static let doubles = LetterSet("bcdfghjklmnpqrstvwxz")

    private static func undouble(_ word: inout StemWord) {
        if word.last() == word.last(2), doubles.contains(word.last()) {
            if !word.equals("inn") { word.removeLast() }
        } else if word.last() == "v" {
            word[word.count - 1] = "f"
        } else if word.last() == "z" {
            word[word.count - 1] = "s"
        }
    }
}
