/// The stemmer for Turkish of E. Kapusuz Çilden, after "An Affix Stripping Morphological Analyzer for Turkish"
/// (G. Eryiğit, E. Adalı, 2004). It removes chains of endings of nouns.
///
/// The letters A, U and D in the names of endings stand for those that adapt to the word: a e, ı i u ü, d t.
enum TurkishStemmer {
    static func stem(_ word: inout StemWord) {
        removeApostrophe(&word)
        guard let first = word.index(of: vowels, from: 0), word.index(of: vowels, from: first + 1) != nil
        else { return }
        guard removeVerbEndings(&word) else { return }
        removeNounEndings(&word)
        if word.equals("ad") || word.equals("soyad") { return }
        appendVowel(&word)
        hardenConsonant(&word)
    }

    private static let vowels = LetterSet("aeıioöuü")
    private static let highVowels = LetterSet("ıiuü")

    /// Removes what an apostrophe separates from a proper noun: `Türkiye'dir`.
    private static func removeApostrophe(_ word: inout StemWord) {
        var start = 0
        while start < word.count, word[start] == "'" { start += 1 }
        if start < word.count { word.remove(0..<start) }
        if let apostrophe = (2..<max(word.count, 2)).first(where: { word[$0] == "'" }) { word.cut(at: apostrophe) }
    }

    // MARK: Marks: where an ending begins that ends before `end`, or nil

    /// An ending and what may link it to the word.
    private struct Ending {
        var table: AffixTable
        var isHarmonic = true
        var link = Link.none

        enum Link { case none, consonant(Unicode.Scalar), vowel }

        func mark(_ word: StemWord, _ end: Int) -> Int? {
            let ending = word.suffix(in: table, before: end)
            guard ending.isFound, !isHarmonic || TurkishStemmer.isHarmonic(word, before: end) else { return nil }
            let start = ending.start
            switch link {
            case .none: return start
            case .consonant(let letter):
                if word[start - 1] == letter { return vowels.contains(word[start - 2]) ? start - 1 : nil }
                return vowels.contains(word[start - 2]) && start > 1 ? start : nil
            case .vowel:
                guard word.has(start - 2, outside: vowels) else { return nil }
                return highVowels.contains(word[start - 1]) ? start - 1 : start
            }
        }
    }

    private static let possessive = Ending(
        table: AffixTable(endings: "mız miz muz müz nız niz nuz nüz m n"), isHarmonic: false, link: .vowel)
    private static let sU = Ending(table: AffixTable(endings: "ı i u ü"), link: .consonant("s"))
    private static let yU = Ending(table: AffixTable(endings: "ı i u ü"), link: .consonant("y"))
    private static let lArI = Ending(table: AffixTable(endings: "leri ları"), isHarmonic: false)
    private static let nU = Ending(table: AffixTable(endings: "nı ni nu nü"))
    private static let nUn = Ending(table: AffixTable(endings: "ın in un ün"), link: .consonant("n"))
    private static let yA = Ending(table: AffixTable(endings: "a e"), link: .consonant("y"))
    private static let nA = Ending(table: AffixTable(endings: "na ne"))
    private static let dA = Ending(table: AffixTable(endings: "da de ta te"))
    private static let ndA = Ending(table: AffixTable(endings: "nda nde"))
    private static let dAn = Ending(table: AffixTable(endings: "dan den tan ten"))
    private static let ndAn = Ending(table: AffixTable(endings: "ndan nden"))
    private static let ylA = Ending(table: AffixTable(endings: "la le"), link: .consonant("y"))
    private static let ki = Ending(table: AffixTable(endings: "ki"), isHarmonic: false)
    private static let ncA = Ending(table: AffixTable(endings: "ca ce"), link: .consonant("n"))
    private static let lAr = Ending(table: AffixTable(endings: "ler lar"))
    private static let yUm = Ending(table: AffixTable(endings: "ım im um üm"), link: .consonant("y"))
    private static let sUn = Ending(table: AffixTable(endings: "sın sin sun sün"))
    private static let yUz = Ending(table: AffixTable(endings: "ız iz uz üz"), link: .consonant("y"))
    private static let sUnUz = Ending(table: AffixTable(endings: "sınız siniz sunuz sünüz"), isHarmonic: false)
    private static let nUz = Ending(table: AffixTable(endings: "nız niz nuz nüz"))
    private static let dUr = Ending(table: AffixTable(endings: "tır tir tur tür dır dir dur dür"))
    private static let cAsInA = Ending(table: AffixTable(endings: "casına cesine"), isHarmonic: false)
    private static let yDU = Ending(
        table: AffixTable(
            endings: """
                tım tim tum tüm dım dim dum düm tın tin tun tün dın din dun dün tık tik tuk tük dık dik duk dük tı ti tu
                tü dı di du dü
                """),
        link: .consonant("y"))
    private static let ysA = Ending(
        table: AffixTable(endings: "sam san sak sem sen sek sa se"), isHarmonic: false, link: .consonant("y"))
    private static let ymUş = Ending(table: AffixTable(endings: "mış miş muş müş"), link: .consonant("y"))
    private static let yken = Ending(table: AffixTable(endings: "ken"), isHarmonic: false, link: .consonant("y"))

    private static let persons = [sUnUz, lAr, yUm, sUn, yUz]
    private static let verbPersons = [sUnUz, yUz, sUn, yUm]
    private static let copulas = [ymUş, yDU, ysA, yken]
    private static let pluralCopulas = [dUr, yDU, ysA, ymUş]
    private static let pastOrConditional = [yDU, ysA]
    private static let owned = [possessive, sU]
    private static let genitives = [nUn, ylA]
    private static let objects = [dA, yU, yA]
    private static let ownedLocatives = [ndA, nA]
    private static let ownedAblatives = [ndAn, nU]

    /// Whether the last two vowels before `end` go together.
    private static func isHarmonic(_ word: StemWord, before end: Int) -> Bool {
        var index = end - 1
        while index >= 0, !vowels.contains(word[index]) { index -= 1 }
        guard index >= 0 else { return false }
        let partners = partners(of: word[index])
        index -= 1
        while index >= 0, !partners.contains(word[index]) { index -= 1 }
        return index >= 0
    }

    private static let backVowels = LetterSet("aıou")
    private static let frontVowels = LetterSet("eiöü")
    private static let backUnrounded = LetterSet("aı")
    private static let frontUnrounded = LetterSet("ei")
    private static let backRounded = LetterSet("ou")
    private static let frontRounded = LetterSet("öü")

    private static func partners(of vowel: Unicode.Scalar) -> LetterSet {
        switch vowel {
        case "a": backVowels
        case "e": frontVowels
        case "ı": backUnrounded
        case "i": frontUnrounded
        case "o", "u": backRounded
        default: frontRounded
        }
    }

    /// Where the first of several endings begins that is found.
    private static func mark(_ word: StemWord, _ end: Int, _ endings: [Ending]) -> Int? {
        for ending in endings {
            if let start = ending.mark(word, end) { return start }
        }
        return nil
    }

    private static func remove(_ word: inout StemWord, _ ending: Ending) -> Bool {
        guard let start = ending.mark(word, word.count) else { return false }
        word.cut(at: start)
        return true
    }

    /// Removes the first of several endings that is found.
    private static func remove(_ word: inout StemWord, _ endings: [Ending]) -> Bool {
        guard let start = mark(word, word.count, endings) else { return false }
        word.cut(at: start)
        return true
    }

    // MARK: Endings of verbs on nouns

    /// False if a plural was removed, behind which no endings of nouns follow.
    private static func removeVerbEndings(_ word: inout StemWord) -> Bool {
        let end = word.count
        if remove(&word, copulas) { return true }
        if let start = cAsInA.mark(word, end) {
            let person = mark(word, start, persons) ?? start
            if let start = ymUş.mark(word, person) {
                word.cut(at: start)
                return true
            }
        }
        if remove(&word, lAr) {
            _ = remove(&word, pluralCopulas)
            return false
        }
        if let start = nUz.mark(word, end), let verb = mark(word, start, pastOrConditional) {
            word.cut(at: verb)
            return true
        }
        if remove(&word, verbPersons) {
            _ = remove(&word, ymUş)
            return true
        }
        if remove(&word, dUr) {
            let person = mark(word, word.count, persons) ?? word.count
            if let start = ymUş.mark(word, person) { word.cut(at: start) }
        }
        return true
    }

    // MARK: Endings of nouns

    private static func removeNounEndings(_ word: inout StemWord) {
        if remove(&word, lAr) {
            _ = removeChain(&word)
        } else if remove(&word, ncA) {
            if !remove(&word, lArI), !removePossessive(&word) { removePlural(&word) }
        } else if removeNdA(&word) || removeNdAn(&word) {
        } else if remove(&word, dAn) {
            if remove(&word, possessive) {
                removePlural(&word)
            } else {
                _ = remove(&word, lAr)
                _ = removeChain(&word)
            }
        } else if remove(&word, genitives) {
            if remove(&word, lAr) {
                if removeChain(&word) { return }
                if !removePossessive(&word) { _ = removeChain(&word) }
            } else if !removePossessive(&word) {
                _ = removeChain(&word)
            }
        } else if remove(&word, lArI) || removeChain(&word) {
        } else if remove(&word, objects) {
            if remove(&word, possessive) { _ = remove(&word, lAr) } else if !remove(&word, lAr) { return }
            _ = removeChain(&word)
        } else {
            _ = removePossessive(&word)
        }
    }

    private static func removePossessive(_ word: inout StemWord) -> Bool {
        guard remove(&word, owned) else { return false }
        removePlural(&word)
        return true
    }

    private static func removePlural(_ word: inout StemWord) {
        if remove(&word, lAr) { _ = removeChain(&word) }
    }

    private static func removeNdA(_ word: inout StemWord) -> Bool {
        guard let start = mark(word, word.count, ownedLocatives) else { return false }
        if let before = lArI.mark(word, start) {
            word.cut(at: before)
        } else if let before = sU.mark(word, start) {
            word.cut(at: before)
            removePlural(&word)
        } else {
            return removeChain(&word, before: start)
        }
        return true
    }

    private static func removeNdAn(_ word: inout StemWord) -> Bool {
        guard let start = mark(word, word.count, ownedAblatives) else { return false }
        if let before = sU.mark(word, start) {
            word.cut(at: before)
            removePlural(&word)
            return true
        }
        return lArI.mark(word, start) != nil
    }

    /// Removes a chain that ends in -ki before `end`, and what follows `end` with it.
    private static func removeChain(_ word: inout StemWord, before end: Int? = nil) -> Bool {
        guard let start = ki.mark(word, end ?? word.count) else { return false }
        if let before = dA.mark(word, start) {
            word.cut(at: before)
            if remove(&word, lAr) { _ = removeChain(&word) } else if remove(&word, possessive) { removePlural(&word) }
            return true
        }
        if let before = nUn.mark(word, start) {
            word.cut(at: before)
            if !remove(&word, lArI), !removePossessive(&word) { _ = removeChain(&word) }
            return true
        }
        guard let before = ndA.mark(word, start) else { return false }
        if let plural = lArI.mark(word, before) {
            word.cut(at: plural)
        } else if let possessive = sU.mark(word, before) {
            word.cut(at: possessive)
            removePlural(&word)
        } else {
            return removeChain(&word, before: before)
        }
        return true
    }

    // MARK: The last letter

    /// Appends the vowel that was removed if a `d` or `g` is left at the end, where Turkish words have none.
    private static func appendVowel(_ word: inout StemWord) {
        guard word.last() == "d" || word.last() == "g" else { return }
        var index = word.count - 2
        while index >= 0, !vowels.contains(word[index]) { index -= 1 }
        switch word[index] {
        case "a", "ı": word.append("ı")
        case "e", "i": word.append("i")
        case "o", "u": word.append("u")
        case "ö", "ü": word.append("ü")
        default: break
        }
    }

    private static func hardenConsonant(_ word: inout StemWord) {
        switch word.last() {
        case "b": word[word.count - 1] = "p"
        case "c": word[word.count - 1] = "ç"
        case "d": word[word.count - 1] = "t"
        case "ğ": word[word.count - 1] = "k"
        default: break
        }
    }
}
