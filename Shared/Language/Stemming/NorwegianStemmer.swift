/// Snowball's stemmer for Norwegian.
enum NorwegianStemmer {
    static func stem(_ word: inout StemWord) {
        guard word.count >= 3 else { return }
        word.r1 = word.nordicRegion(vowels, allowsApostrophe: true)
        removeInflection(&word)
        if word.suffix(in: pairs, from: word.r1).isFound { word.removeLast() }
        word.cut(at: word.suffix(in: derivations, from: word.r1).start)
        if word.last() == "'" { word.removeLast() }
    }

    private static let vowels = LetterSet("aeêioòóôuyæåø")
    private static let beforeS = LetterSet("bcdfghjlmnoptvyz")
    private static let pairs = AffixTable(endings: "dt vt")
    private static let derivations = AffixTable(endings: "leg eleg ig eig lig elig els lov elov slov hetslov")

    private static let inflections = AffixTable(
        endings: """
            a e ede ande ende ane ene hetene en heten ar er heter as es edes endes enes hetenes ens hetens ets et het ast
            """,
        "ers", "s", "erte ert")

    /// What stands before an `-ers` that belongs to the word, and longer endings that belong to none.
    private static let beforeErs = AffixTable(endings: "amm ast ind kap kk lt nk omm pp v øst", "giv hav skap")

    private static func removeInflection(_ word: inout StemWord) {
        let ending = word.suffix(in: inflections, from: word.r1)
        switch ending.group {
        case 1: word.cut(at: ending.start)
        case 2: if word.suffix(in: beforeErs, before: ending.start).group != 1 { word.cut(at: ending.start) }
        case 3: if isEndingS(word, at: ending.start) { word.cut(at: ending.start) }
        case 4: word.replaceEnd(from: ending.start, with: "er")
        default: break
        }
    }

    private static func isEndingS(_ word: StemWord, at start: Int) -> Bool {
        switch word[start - 1] {
        case "r": word[start - 2] != "e"
        case "k": word.has(start - 2, outside: vowels)
        default: beforeS.contains(word[start - 1])
        }
    }
}
