/// Snowball's stemmer for Danish.
enum DanishStemmer {
    static func stem(_ word: inout StemWord) {
        guard word.count >= 3 else { return }
        word.r1 = word.nordicRegion(vowels, allowsApostrophe: true)
        removeInflection(&word)
        removePair(&word)
        removeDerivation(&word)
        if word.count > word.r1, doubled.contains(word.last()), word.last() == word.last(2) { word.removeLast() }
        if word.last() == "'" { word.removeLast() }
    }

    private static let vowels = LetterSet("aeiouyæåø")
    private static let doubled = LetterSet("bdfgklmnprst")
    private static let beforeS = LetterSet("abcdfghjklmnoprtvyzå'")

    private static let inflections = AffixTable(
        endings: """
            hed ethed ered e erede ende erende ene erne ere en heden eren er heder erer heds es endes erendes enes ernes
            eres ens hedens erens ers ets erets et eret
            """,
        "s")

    private static func removeInflection(_ word: inout StemWord) {
        let ending = word.suffix(in: inflections, from: word.r1)
        if ending.group == 1 || ending.group == 2 && beforeS.contains(word[ending.start - 1]) {
            word.cut(at: ending.start)
        }
    }

    private static let pairs = AffixTable(endings: "gd dt gt kt")

    private static func removePair(_ word: inout StemWord) {
        if word.suffix(in: pairs, from: word.r1).isFound { word.removeLast() }
    }

    private static let derivations = AffixTable(endings: "ig lig elig els", "løst")

    private static func removeDerivation(_ word: inout StemWord) {
        if word.ends("igst") { word.removeLast(2) }
        let ending = word.suffix(in: derivations, from: word.r1)
        switch ending.group {
        case 1:
            word.cut(at: ending.start)
            removePair(&word)
        case 2: word.removeLast()
        default: break
        }
    }
}

extension StemWord {
    /// R1 as the Nordic languages define it: it begins behind three letters at the earliest. If the word is shorter than
    /// three letters, it has none. In an abbreviation such as `pc'en` it begins behind the apostrophe.
    func nordicRegion(_ vowels: LetterSet, allowsApostrophe: Bool) -> Int {
        var start = region(vowels, from: 0)
        if allowsApostrophe, let apostrophe = (0..<count).first(where: { self[$0] == "'" }) { start = apostrophe + 1 }
        return count < 3 ? count : max(start, 3)
    }
}
