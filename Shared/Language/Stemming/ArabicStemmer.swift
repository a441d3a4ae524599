/// Snowball's stemmer for Arabic, by A. Chelli and A. Aries.
enum ArabicStemmer {
    static func stem(_ word: inout StemWord) {
        var kind = guessKind(of: word)
        removeMarks(&word)
        removeEndings(&word, kind)
        removeBeginnings(&word, &kind)
        unifyHamza(&word)
    }

    private struct Kind {
        var isNoun = true
        var isVerb = true
        var isDefined = false
    }

    /// The article, after a preposition and alone. After "and" is our addition; in `والد`, father, there is none.
    private static let articles = AffixTable(beginnings: "بال كال وال فال", "لل ال", "والد")

    /// A word with the article is a noun.
    private static func guessKind(of word: StemWord) -> Kind {
        let article = word.prefix(in: articles)
        guard article.group != 3 else { return Kind() }
        let isLong = article.group == 1 ? word.count > 4 : word.count > 3
        return article.isFound && isLong ? Kind(isNoun: true, isVerb: false, isDefined: true) : Kind()
    }

    /// Removes the vowel signs and the tatweel, and makes digits Western.
    private static func removeMarks(_ word: inout StemWord) {
        var index = 0
        while index < word.count {
            switch word[index].value {
            case 0x0640, 0x064B...0x0652:
                word.remove(index..<(index + 1))
                continue
            case 0x0660...0x0669: word[index] = Unicode.Scalar(UInt8(0x30 + word[index].value - 0x660))
            default: break
            }
            index += 1
        }
    }

    // MARK: Endings

    /// Removes an ending of a table, the entries of whose groups need words of so many letters.
    private static func remove(_ table: AffixTable, from word: inout StemWord, _ leastLetters: Int...) -> Bool {
        let ending = word.suffix(in: table)
        guard ending.isFound, word.count >= leastLetters[ending.group - 1] else { return false }
        word.cut(at: ending.start)
        return true
    }

    private static func removeEndings(_ word: inout StemWord, _ kind: Kind) {
        if kind.isVerb, removeVerbEndings(&word) { return }
        if kind.isNoun {
            removeNounEndings(&word, isDefined: kind.isDefined)
            if remove(relation, from: &word, 3) { return }
        }
        if word.last() == "ى" { word[word.count - 1] = "ي" }
    }

    private static let objects = AffixTable(endings: "ه ك", "ني نا ها هم هن كم كن", "هما كما كمو")
    private static let subjects = AffixTable(endings: "ت ا ن ي", "نا تا تن", "ان ون ين", "تما")
    private static let plurals = AffixTable(endings: "و", "تمو")
    private static let pastPlurals = AffixTable(endings: "وا تم")

    private static func removeVerbEndings(_ word: inout StemWord) -> Bool {
        var hadObject = false
        while remove(objects, from: &word, 4, 5, 6) { hadObject = true }
        if hadObject {
            _ = remove(subjects, from: &word, 4, 5, 6, 6) || remove(plurals, from: &word, 4, 6)
            return true
        }
        return remove(pastPlurals, from: &word, 5) || remove(subjects, from: &word, 4, 5, 6, 6)
    }

    private static let possessives = AffixTable(endings: "ي ك ه", "نا كم ها هن هم", "كما هما")
    private static let vowelEndings = AffixTable(endings: "ا ي و")
    private static let feminineAt = AffixTable(endings: "ات")
    private static let openT = AffixTable(endings: "ت")
    private static let closedT = AffixTable(endings: "ة")
    private static let relation = AffixTable(endings: "ي")

    private static func removeNounEndings(_ word: inout StemWord, isDefined: Bool) {
        if remove(closedT, from: &word, 4) { return }
        if !isDefined, remove(possessives, from: &word, 4, 5, 6) {
            _ = removeNumber(&word)
            return
        }
        if word.last() == "ن", word.count > 5 {
            word.removeLast()
            if removeNumber(&word) { return }
        }
        if !isDefined, remove(vowelEndings, from: &word, 5) { return }
        _ = remove(feminineAt, from: &word, 5)
    }

    private static func removeNumber(_ word: inout StemWord) -> Bool {
        remove(vowelEndings, from: &word, 5) || remove(feminineAt, from: &word, 5) || remove(openT, from: &word, 4)
    }

    // MARK: Beginnings

    private static let hamzas = AffixTable(beginnings: "أأ أؤ", "أآ", "أا", "أإ")
    private static let conjunctions = AffixTable(beginnings: "ف و")
    private static let prepositions = AffixTable(beginnings: "با", "ب", "بب كك")
    private static let future = AffixTable(beginnings: "سي ست سن سأ")
    private static let tenthForm = AffixTable(beginnings: "يست نست تست")

    private static func removeBeginnings(_ word: inout StemWord, _ kind: inout Kind) {
        if word.count > 3, word.prefix(in: hamzas).isFound {
            // Of two hamzas, one remains: the second, unless it sits on a waw.
            if word[1] == "ؤ" { word[1] = "أ" }
            word.remove(0..<1)
        }
        let article = word.prefix(in: articles)
        if article.group == 0, word.count > 3, word.prefix(in: conjunctions).isFound, word[1] != "ا" {
            word.remove(0..<1)
        }
        if article.isFound, article.group != 3, word.count > (article.group == 1 ? 5 : 4) {
            word.remove(article.range)
            return
        }
        if kind.isNoun {
            let preposition = word.prefix(in: prepositions)
            if preposition.group == 1 { return }
            if preposition.isFound, word.count > 3 {
                word.remove(0..<1)
                return
            }
        }
        guard kind.isVerb else { return }
        if word.count > 4, word.prefix(in: future).isFound { word.remove(0..<1) }
        if word.count > 4, word.prefix(in: tenthForm).isFound { word[0] = "ا" }
    }

    private static func unifyHamza(_ word: inout StemWord) {
        switch word.last() {
        case "أ", "إ", "آ", "ؤ", "ئ": word[word.count - 1] = "ء"
        default: break
        }
        word.exchange {
            switch $0 {
            case "أ", "إ", "آ": "ا"
            case "ؤ": "و"
            case "ئ": "ي"
            default: nil
            }
        }
    }
}
