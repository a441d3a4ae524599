/// Snowball's stemmer for Romanian.
enum RomanianStemmer {
    static func stem(_ word: inout StemWord) {
        prepare(&word)
        word.findRegions(vowels)
        word.findVerbRegion(vowels)
        reduceArticle(&word)
        if !removeStandard(&word) { removeVerb(&word) }
        let vowel = word.suffix(in: finalVowels)
        if vowel.isFound, word.rv <= vowel.start { word.cut(at: vowel.start) }
        word.exchange { $0 == "I" ? "i" : $0 == "U" ? "u" : nil }
    }

    private static let vowels = LetterSet("aeiouâîă")
    private static let finalVowels = AffixTable(endings: "a e i ie ă")

    /// Replaces cedillas by commas, and writes vowels that act as consonants in capitals.
    private static func prepare(_ word: inout StemWord) {
        word.exchange { $0 == "ş" ? "ș" : $0 == "ţ" ? "ț" : nil }
        for index in 1..<max(word.count, 1) {
            let letter = word[index]
            guard letter == "u" || letter == "i" else { continue }
            if vowels.contains(word[index - 1]), vowels.contains(word[index + 1]) {
                word[index] = letter == "u" ? "U" : "I"
            }
        }
    }

    private static let articles = AffixTable(
        endings: "ul ului", "aua", "ea ele elor", "ii iua iei iile iilor ilor", "ile", "atei", "ație ația")

    private static func reduceArticle(_ word: inout StemWord) {
        let ending = word.suffix(in: articles)
        guard ending.isFound, word.r1 <= ending.start else { return }
        switch ending.group {
        case 1: word.cut(at: ending.start)
        case 2: word.replaceEnd(from: ending.start, with: "a")
        case 3: word.replaceEnd(from: ending.start, with: "e")
        case 4: word.replaceEnd(from: ending.start, with: "i")
        case 5: if !word.ends("ab", before: ending.start) { word.replaceEnd(from: ending.start, with: "i") }
        case 6: word.replaceEnd(from: ending.start, with: "at")
        default: word.replaceEnd(from: ending.start, with: "ați")
        }
    }

    private static let combinations = AffixTable(
        endings: "abilitate abilitati abilităi abilități", "ibilitate", "ivitate ivitati ivităi ivități",
        """
        icitate icitati icităi icități icator icatori iciv iciva icive icivi icivă ical icala icale icali icală
        """,
        "ativ ativa ative ativi ativă ațiune atoare ator atori ătoare ător ători",
        "itiv itiva itive itivi itivă ițiune itoare itor itori")

    private static func reduceCombination(_ word: inout StemWord) -> Bool {
        let ending = word.suffix(in: combinations)
        guard ending.isFound, word.r1 <= ending.start else { return false }
        let replacement: StaticString =
            switch ending.group {
            case 1: "abil"
            case 2: "ibil"
            case 3: "iv"
            case 4: "ic"
            case 5: "at"
            default: "it"
            }
        word.replaceEnd(from: ending.start, with: replacement)
        return true
    }

    private static let standard = AffixTable(
        endings: """
            at ata ată ati ate ut uta ută uti ute it ita ită iti ite ic ica ice ici ică abil abila abile abili abilă
            ibil ibila ibile ibili ibilă oasa oasă oase os osi oși ant anta ante anti antă ator atori itate itati ităi
            ități iv iva ive ivi ivă
            """,
        "iune iuni", "ism isme ist ista iste isti istă iști")

    /// False if no ending was removed, so that endings of verbs are looked for.
    private static func removeStandard(_ word: inout StemWord) -> Bool {
        var isRemoved = false
        while reduceCombination(&word) { isRemoved = true }
        let ending = word.suffix(in: standard)
        guard ending.isFound, word.r2 <= ending.start else { return isRemoved }
        switch ending.group {
        case 1: word.cut(at: ending.start)
        case 2:
            guard word[ending.start - 1] == "ț" else { return isRemoved }
            word.replaceEnd(from: ending.start - 1, with: "t")
        default: word.replaceEnd(from: ending.start, with: "ist")
        }
        return true
    }

    private static let verbs = AffixTable(
        endings: """
            are ere ire âre ind ând indu ându eze ească ez ezi ează esc ești ește ăsc ăști ăște am ai au eam eai ea eați
            eau iam iai ia iați iau ui ași arăm arăți ară uși urăm urăți ură iși irăm irăți iră âi âși ârăm ârăți âră
            asem aseși ase aserăm aserăți aseră isem iseși ise iserăm iserăți iseră âsem âseși âse âserăm âserăți âseră
            usem useși use userăm userăți useră
            """,
        "ăm ați em eți im iți âm âți seși serăm serăți seră sei se sesem seseși sese seserăm seserăți seseră")

    private static func removeVerb(_ word: inout StemWord) {
        let ending = word.suffix(in: verbs, from: word.rv)
        guard ending.isFound else { return }
        if ending.group == 1 {
            let before = ending.start - 1
            guard before >= word.rv, word[before] == "u" || word.has(before, outside: vowels) else { return }
        }
        word.cut(at: ending.start)
    }
}
