/// Snowball's stemmer for Portuguese.
enum PortugueseStemmer {
    static func stem(_ word: inout StemWord) {
        divideTildes(&word)
        word.findRegions(vowels)
        word.findVerbRegion(vowels)
        if removeStandard(&word) || removeVerb(&word) {
            if word.last() == "i", word.last(2) == "c", word.rv <= word.count - 1 { word.removeLast() }
        } else {
            let ending = word.suffix(in: residues)
            if word.rv <= ending.start { word.cut(at: ending.start) }
        }
        removeForm(&word)
        joinTildes(&word)
    }

    private static let vowels = LetterSet("aeiouáéíóúâêô")

    // MARK: Nasal vowels, which count as a vowel and a consonant

    private static func divideTildes(_ word: inout StemWord) {
        var index = 0
        while index < word.count {
            if word[index] == "ã" || word[index] == "õ" {
                word[index] = word[index] == "ã" ? "a" : "o"
                word.insert("~", at: index + 1)
                index += 1
            }
            index += 1
        }
    }

    private static func joinTildes(_ word: inout StemWord) {
        var index = 1
        while index < word.count {
            if word[index] == "~", word[index - 1] == "a" || word[index - 1] == "o" {
                word[index - 1] = word[index - 1] == "a" ? "ã" : "õ"
                word.remove(index..<(index + 1))
            }
            index += 1
        }
    }

    // MARK: Endings

    private static let standard = AffixTable(
        endings: """
            eza ezas ico ica icos icas ismo ismos ável ível ista istas oso osa osos osas amento amentos imento imentos
            adora ador aça~o adoras adores aço~es ante antes ância
            """,
        "logia logias", "uça~o uço~es", "ência ências", "amente", "mente", "idade idades", "iva ivo ivas ivos",
        "ira iras")
    private static let beforeAmente = AffixTable(endings: "iv", "os ic ad")
    private static let beforeMente = AffixTable(endings: "ante avel ível")
    private static let beforeIdade = AffixTable(endings: "abil ic iv")

    /// False if no ending was removed, so that endings of verbs are looked for.
    private static func removeStandard(_ word: inout StemWord) -> Bool {
        let ending = word.suffix(in: standard)
        let region =
            switch ending.group {
            case 5: word.r1
            case 9: word.rv
            default: word.r2
            }
        guard ending.isFound, region <= ending.start else { return false }
        if ending.group == 9 {
            guard word[ending.start - 1] == "e" else { return false }
            word.replaceEnd(from: ending.start, with: "ir")
            return true
        }
        word.cut(at: ending.start)
        switch ending.group {
        case 2: word.replaceEnd(from: word.count, with: "log")
        case 3: word.append("u")
        case 4: word.replaceEnd(from: word.count, with: "ente")
        case 5: if word.removeInR2(beforeAmente) == 1 { word.removeInR2("at") }
        case 6: word.removeInR2(beforeMente)
        case 7: word.removeInR2(beforeIdade)
        case 8: word.removeInR2("at")
        default: break
        }
        return true
    }

    private static let verbs = AffixTable(
        endings: """
            ada ida ia aria eria iria ará ara erá era irá ava asse esse isse aste este iste ei arei erei irei am iam
            ariam eriam iriam aram eram iram avam em arem erem irem assem essem issem ado ido ando endo indo ara~o era~o
            ira~o ar er ir as adas idas ias arias erias irias arás aras erás eras irás avas es ardes erdes irdes ares
            eres ires asses esses isses astes estes istes is ais eis íeis aríeis eríeis iríeis áreis areis éreis ereis
            íreis ireis ásseis ésseis ísseis áveis ados idos ámos amos íamos aríamos eríamos iríamos áramos éramos
            íramos ávamos emos aremos eremos iremos ássemos êssemos íssemos imos armos ermos irmos eu iu ou ira iras
            """)

    private static func removeVerb(_ word: inout StemWord) -> Bool {
        let ending = word.suffix(in: verbs, from: word.rv)
        word.cut(at: ending.start)
        return ending.isFound
    }

    private static let residues = AffixTable(endings: "os a i o á í ó")

    private static func removeForm(_ word: inout StemWord) {
        switch word.last() {
        case "e", "é", "ê":
            guard word.rv <= word.count - 1 else { return }
            word.removeLast()
            let isSilent = word.last() == "u" && word.last(2) == "g" || word.last() == "i" && word.last(2) == "c"
            if isSilent, word.rv <= word.count - 1 { word.removeLast() }
        case "ç": word[word.count - 1] = "c"
        default: break
        }
    }
}
