/// Snowball's stemmer for Russian.
enum RussianStemmer {
    static func stem(_ word: inout StemWord) {
        word.exchange { $0 == "ё" ? "е" : nil }
        guard let vowel = word.index(of: vowels, from: 0) else { return }
        word.rv = vowel + 1
        word.r2 = word.region(vowels, from: word.region(vowels, from: 0))
        removeInflection(&word)
        if word.last() == "и", word.count > word.rv { word.removeLast() }
        let derivation = word.suffix(in: derivations, from: word.rv)
        if derivation.isFound, word.r2 <= derivation.start { word.cut(at: derivation.start) }
        tidyUp(&word)
    }

    private static let vowels = LetterSet("аеиоуыэюя")

    /// Removes an ending of group 2, or one of group 1 if а or я stands before it.
    private static func remove(_ table: AffixTable, from word: inout StemWord) -> Bool {
        let ending = word.suffix(in: table, from: word.rv)
        guard ending.isFound else { return false }
        if ending.group == 1 {
            guard ending.start > word.rv else { return false }
            let before = word[ending.start - 1]
            guard before == "а" || before == "я" else { return false }
        }
        word.cut(at: ending.start)
        return true
    }

    private static let gerunds = AffixTable(
        endings: "в вши вшись", "ив ивши ившись ыв ывши ывшись")
    private static let reflexives = AffixTable(endings: "", "ся сь")
    private static let adjectives = AffixTable(
        endings: "",
        "ее ие ые ое ими ыми ей ий ый ой ем им ым ом его ого ему ому их ых ую юю ая яя ою ею")
    private static let participles = AffixTable(endings: "ем нн вш ющ щ", "ивш ывш ующ")
    private static let verbs = AffixTable(
        endings: "ла на ете йте ли й л ем н ло но ет ют ны ть ешь нно",
        """
        ила ыла ена ейте уйте ите или ыли ей уй ил ыл им ым ен ило ыло ено ят ует уют ит ыт ены ить ыть ишь ую ю
        """)
    private static let nouns = AffixTable(
        endings: "",
        """
        а ев ов ие ье е иями ями ами еи ии и ией ей ой ий й иям ям ием ем ам ом о у ах иях ях ы ь ию ью ю ия ья я
        """)

    private static func removeInflection(_ word: inout StemWord) {
        if remove(gerunds, from: &word) { return }
        _ = remove(reflexives, from: &word)
        if remove(adjectives, from: &word) {
            _ = remove(participles, from: &word)
        } else if !remove(verbs, from: &word) {
            _ = remove(nouns, from: &word)
        }
    }

    private static let derivations = AffixTable(endings: "ост ость")
    private static let superlatives = AffixTable(endings: "ейш ейше", "н", "ь")

    private static func tidyUp(_ word: inout StemWord) {
        let ending = word.suffix(in: superlatives, from: word.rv)
        switch ending.group {
        case 1:
            word.cut(at: ending.start)
            removeDoubleN(&word)
        case 2: removeDoubleN(&word)
        case 3: word.removeLast()
        default: break
        }
    }

    private static func removeDoubleN(_ word: inout StemWord) {
        if word.last() == "н", word.last(2) == "н", word.count - 2 >= word.rv { word.removeLast() }
    }
}
