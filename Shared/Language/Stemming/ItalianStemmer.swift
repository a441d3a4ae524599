/// Snowball's stemmer for Italian.
enum ItalianStemmer {
    static func stem(_ word: inout StemWord) {
        removeElision(&word)
        prepare(&word)
        word.findRegions(vowels)
        findVerbRegion(&word)
        removePronoun(&word)
        if !removeStandard(&word) {
            word.cut(at: word.suffix(in: verbs, from: word.rv).start)
        }
        removeVowel(&word)
        word.exchange { $0 == "I" ? "i" : $0 == "U" ? "u" : nil }
    }

    private static let vowels = LetterSet("aeiouàèìòù")

    // MARK: Preparation

    private static let elisions = AffixTable(
        beginnings: "d' l' m' s' t' v' all' dall' dell' gl' nell' quell' quest' sull' tutt' un'")

    private static func removeElision(_ word: inout StemWord) {
        let elision = word.prefix(in: elisions)
        if elision.end < word.count { word.remove(elision.range) }
    }

    /// Makes accents grave, and writes vowels that act as consonants in capitals.
    private static func prepare(_ word: inout StemWord) {
        word.exchange {
            switch $0 {
            case "á": "à"
            case "é": "è"
            case "í": "ì"
            case "ó": "ò"
            case "ú": "ù"
            default: nil
            }
        }
        for index in 1..<max(word.count, 1) {
            let letter = word[index]
            guard letter == "u" || letter == "i" else { continue }
            let isBetweenVowels = vowels.contains(word[index - 1]) && vowels.contains(word[index + 1])
            if isBetweenVowels || letter == "u" && word[index - 1] == "q" {
                word[index] = letter == "u" ? "U" : "I"
            }
        }
    }

    private static let divan = AffixTable(beginnings: "divan")

    private static func findVerbRegion(_ word: inout StemWord) {
        let divan = word.prefix(in: divan)
        if divan.isFound { word.rv = divan.end } else { word.findVerbRegion(vowels) }
    }

    // MARK: Endings

    private static let pronouns = AffixTable(
        endings: """
            ci gli la le li lo mi ne si ti vi sene gliela gliele glieli glielo gliene mela mele meli melo mene tela tele
            teli telo tene cela cele celi celo cene vela vele veli velo vene
            """)
    private static let beforePronoun = AffixTable(endings: "ando endo", "ar er ir")

    private static func removePronoun(_ word: inout StemWord) {
        let pronoun = word.suffix(in: pronouns)
        guard pronoun.isFound else { return }
        let verb = word.suffix(in: beforePronoun, before: pronoun.start)
        guard verb.isFound, word.rv <= verb.start else { return }
        word.cut(at: pronoun.start)
        if verb.group == 2 { word.append("e") }
    }

    private static let standard = AffixTable(
        endings: """
            anza anze ico ici ica ice iche ichi ismo ismi abile abili ibile ibili ista iste isti istà istè istì oso osi
            osa ose mente atrice atrici ante anti
            """,
        "azione azioni atore atori", "logia logie", "uzione uzioni usione usioni", "enza enze",
        "amento amenti imento imenti", "amente", "ità", "ivo ivi iva ive")
    private static let beforeAmente = AffixTable(endings: "iv", "os ic abil")
    private static let beforeIta = AffixTable(endings: "abil ic iv")

    /// False if no ending was removed, so that endings of verbs are looked for.
    private static func removeStandard(_ word: inout StemWord) -> Bool {
        let ending = word.suffix(in: standard)
        let region =
            switch ending.group {
            case 6: word.rv
            case 7: word.r1
            default: word.r2
            }
        guard ending.isFound, region <= ending.start else { return false }
        word.cut(at: ending.start)
        switch ending.group {
        case 2: word.removeInR2("ic")
        case 3: word.replaceEnd(from: word.count, with: "log")
        case 4: word.append("u")
        case 5: word.replaceEnd(from: word.count, with: "ente")
        case 7: if word.removeInR2(beforeAmente) == 1 { word.removeInR2("at") }
        case 8: word.removeInR2(beforeIta)
        case 9: if word.removeInR2("at") { word.removeInR2("ic") }
        default: break
        }
        return true
    }

    private static let verbs = AffixTable(
        endings: """
            ammo ando ano are arono asse assero assi assimo ata ate ati ato ava avamo avano avate avi avo emmo enda ende
            endi endo erà erai eranno ere erebbe erebbero erei eremmo eremo ereste eresti erete erò erono essero ete eva
            evamo evano evate evi evo Yamo iamo immo irà irai iranno ire irebbe irebbero irei iremmo iremo ireste iresti
            irete irò irono isca iscano isce isci isco iscono issero ita ite iti ito iva ivamo ivano ivate ivi ivo ono
            uta ute uti uto ar ir
            """)

    private static let finalVowels = LetterSet("aeioàèìò")

    private static func removeVowel(_ word: inout StemWord) {
        if finalVowels.contains(word.last()), word.rv <= word.count - 1 {
            word.removeLast()
            if word.last() == "i", word.rv <= word.count - 1 { word.removeLast() }
        }
        if word.last() == "h", word.last(2) == "c" || word.last(2) == "g", word.rv <= word.count - 2 {
            word.removeLast()
        }
    }
}

extension StemWord {
    /// Removes an ending that lies in R2.
    @discardableResult
    mutating func removeInR2(_ ending: StaticString) -> Bool {
        guard let start = start(of: ending), r2 <= start else { return false }
        cut(at: start)
        return true
    }

    /// Removes the longest ending of a table if it lies in R2, and returns its group.
    @discardableResult
    mutating func removeInR2(_ table: AffixTable) -> Int {
        let ending = suffix(in: table)
        guard ending.isFound, r2 <= ending.start else { return 0 }
        cut(at: ending.start)
        return ending.group
    }
}
