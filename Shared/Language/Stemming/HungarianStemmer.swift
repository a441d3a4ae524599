/// Snowball's stemmer for Hungarian. It removes the endings of nouns.
enum HungarianStemmer {
    static func stem(_ word: inout StemWord) {
        findRegion(&word)
        removeDoubling(instrumentals, from: &word)
        if let start = remove(cases, from: &word), start == word.count { shortenVowel(&word) }
        _ = remove(specialCases, from: &word)
        _ = remove(otherCases, from: &word)
        removeDoubling(factives, from: &word)
        _ = remove(owned, from: &word)
        _ = remove(singularOwners, from: &word)
        _ = remove(pluralOwners, from: &word)
        _ = remove(plurals, from: &word)
    }

    private static let vowels = LetterSet("aeiouáéíóöőúüű")

    /// R1 begins behind the first consonant if the word begins with a vowel, else behind the first vowel.
    private static func findRegion(_ word: inout StemWord) {
        let end = vowels.contains(word[0]) ? word.index(outside: vowels, from: 1) : word.index(of: vowels, from: 0)
        word.r1 = end.map { $0 + 1 } ?? word.count
    }

    // MARK: Endings. Those of group 1 are removed; those of groups 2 and 3 become `a` and `e`.

    private static func remove(_ table: AffixTable, from word: inout StemWord) -> Int? {
        let ending = word.suffix(in: table)
        guard ending.isFound, word.r1 <= ending.start else { return nil }
        word.cut(at: ending.start)
        if ending.group > 1 { word.append(ending.group == 2 ? "a" : "e") }
        return ending.start
    }

    private static let cases = AffixTable(
        endings: """
            ban ben ba be ra re nak nek val vel tól től ról ről ból ből hoz hez höz nál nél ig at et ot öt ért képp
            képpen kor ul ül vá vé onként enként anként ként en on an ön n t
            """)
    private static let specialCases = AffixTable(endings: "", "án ánként", "én")
    private static let otherCases = AffixTable(endings: "astul estül stul stül", "ástul", "éstül")
    private static let owned = AffixTable(endings: "oké öké aké eké ké éi é", "áké áéi", "éké ééi éé")
    private static let singularOwners = AffixTable(
        endings: "ünk unk nk juk jük uk ük em om am m od ed ad öd d ja je a e o",
        "ánk ájuk ám ád á", "énk éjük ém éd é")
    private static let pluralOwners = AffixTable(
        endings: """
            jaim jeim aim eim im jaid jeid aid eid id jai jei ai ei i jaink jeink eink aink ink jaitok jeitek aitok eitek
            itek jeik jaik aik eik ik
            """,
        "áim áid ái áink áitok áik", "éim éid éi éink éitek éik")
    private static let plurals = AffixTable(endings: "ök ak ok ek k", "ák", "ék")

    private static func shortenVowel(_ word: inout StemWord) {
        guard word.r1 <= word.count - 1 else { return }
        if word.last() == "á" { word[word.count - 1] = "a" } else if word.last() == "é" { word[word.count - 1] = "e" }
    }

    // MARK: Endings that double the consonant before them

    private static let instrumentals = AffixTable(endings: "al el")
    private static let factives = AffixTable(endings: "á é")
    private static let doubled = AffixTable(
        endings: "bb cc ccs dd ff gg ggy jj kk ll lly mm nn nny pp rr ss ssz tt tty vv zz zzs")

    private static func removeDoubling(_ table: AffixTable, from word: inout StemWord) {
        let ending = word.suffix(in: table)
        guard ending.isFound, word.r1 <= ending.start, word.suffix(in: doubled, before: ending.start).isFound
        else { return }
        word.cut(at: ending.start)
        word.remove((word.count - 2)..<(word.count - 1))
    }
}
