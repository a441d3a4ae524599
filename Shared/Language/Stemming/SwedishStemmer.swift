/// Snowball's stemmer for Swedish.
enum SwedishStemmer {
    static func stem(_ word: inout StemWord) {
        word.r1 = word.nordicRegion(vowels, allowsApostrophe: false)
        removeInflection(&word)
        if word.suffix(in: pairs, from: word.r1).isFound { word.removeLast() }
        removeDerivation(&word)
    }

    private static let vowels = LetterSet("aeiouyäåö")
    private static let beforeS = LetterSet("bcdfghjklmnoprtvy")
    private static let beforeOst = LetterSet("iklnprtuv")
    private static let pairs = AffixTable(endings: "dd gd nn dt gt kt tt")

    private static let inflections = AffixTable(
        endings: """
            a arna erna heterna orna ad e ade ande arne are aste en anden aren heten ern ar er heter or as arnas ernas
            ornas es ades andes ens arens hetens erns at andet het ast
            """,
        "s", "et")

    private static func removeInflection(_ word: inout StemWord) {
        let ending = word.suffix(in: inflections, from: word.r1)
        switch ending.group {
        case 1: word.cut(at: ending.start)
        case 2:
            if word.ends("et", before: ending.start), isEndingEt(word, at: ending.start - 2) {
                word.cut(at: ending.start - 2)
            } else if beforeS.contains(word[ending.start - 1]) {
                word.cut(at: ending.start)
            }
        case 3: if isEndingEt(word, at: ending.start) { word.cut(at: ending.start) }
        default: break
        }
    }

    /// What stands before an `-et` that belongs to the word: `alfabet`, `publicitet`, `raket`.
    private static let keepsEt = AffixTable(
        endings: "h iet uit fab cit dit alit ilit mit nit pit rit sit tit ivit kvit xit kom rak pak stak")

    private static func isEndingEt(_ word: StemWord, at start: Int) -> Bool {
        word.has(start - 1, outside: vowels) && vowels.contains(word[start - 2]) && start > 2
            && !word.suffix(in: keepsEt, before: start).isFound
    }

    private static let derivations = AffixTable(endings: "lig ig els", "öst", "fullt")

    private static func removeDerivation(_ word: inout StemWord) {
        let ending = word.suffix(in: derivations, from: word.r1)
        switch ending.group {
        case 1: word.cut(at: ending.start)
        case 2: if beforeOst.contains(word[ending.start - 1]) { word.removeLast() }
        case 3: word.removeLast()
        default: break
        }
    }
}
