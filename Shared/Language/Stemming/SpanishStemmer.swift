/// Snowball's stemmer for Spanish.
enum SpanishStemmer {
    static func stem(_ word: inout StemWord) {
        word.findRegions(vowels)
        word.findVerbRegion(vowels)
        removePronoun(&word)
        if !removeStandard(&word), !removeVerbInY(&word) { removeVerb(&word) }
        removeResidue(&word)
        word.exchange {
            switch $0 {
            case "á": "a"
            case "é": "e"
            case "í": "i"
            case "ó": "o"
            case "ú": "u"
            default: nil
            }
        }
    }

    private static let vowels = LetterSet("aeiouáéíóúü")

    private static let pronouns = AffixTable(endings: "me se sela selo selas selos la le lo las les los nos")
    private static let beforePronoun = AffixTable(
        endings: "iéndo", "ándo", "ár", "ér", "ír", "ando iendo ar er ir", "yendo")

    private static func removePronoun(_ word: inout StemWord) {
        let pronoun = word.suffix(in: pronouns)
        guard pronoun.isFound else { return }
        let verb = word.suffix(in: beforePronoun, before: pronoun.start)
        guard verb.isFound, word.rv <= verb.start else { return }
        switch verb.group {
        case 1: word.replaceEnd(from: verb.start, with: "iendo")
        case 2: word.replaceEnd(from: verb.start, with: "ando")
        case 3: word.replaceEnd(from: verb.start, with: "ar")
        case 4: word.replaceEnd(from: verb.start, with: "er")
        case 5: word.replaceEnd(from: verb.start, with: "ir")
        case 6: word.cut(at: pronoun.start)
        default: if word[verb.start - 1] == "u" { word.cut(at: pronoun.start) }
        }
    }

    private static let standard = AffixTable(
        endings: """
            anza anzas ico ica icos icas ismo ismos able ables ible ibles ista istas oso osa osos osas
            amiento amientos imiento imientos
            """,
        "adora ador ación adoras adores aciones ante antes ancia ancias acion", "logía logías",
        "ución uciones ucion", "encia encias", "amente", "mente", "idad idades", "iva ivo ivas ivos")
    private static let beforeAmente = AffixTable(endings: "iv", "os ic ad")
    private static let beforeMente = AffixTable(endings: "ante able ible")
    private static let beforeIdad = AffixTable(endings: "abil ic iv")

    /// False if no ending was removed, so that endings of verbs are looked for.
    private static func removeStandard(_ word: inout StemWord) -> Bool {
        let ending = word.suffix(in: standard)
        guard ending.isFound, (ending.group == 6 ? word.r1 : word.r2) <= ending.start else { return false }
        word.cut(at: ending.start)
        switch ending.group {
        case 2: word.removeInR2("ic")
        case 3: word.replaceEnd(from: word.count, with: "log")
        case 4: word.append("u")
        case 5: word.replaceEnd(from: word.count, with: "ente")
        case 6: if word.removeInR2(beforeAmente) == 1 { word.removeInR2("at") }
        case 7: word.removeInR2(beforeMente)
        case 8: word.removeInR2(beforeIdad)
        case 9: word.removeInR2("at")
        default: break
        }
        return true
    }

    private static let verbsInY = AffixTable(endings: "ya ye yan yen yeron yendo yo yó yas yes yais yamos")

    private static func removeVerbInY(_ word: inout StemWord) -> Bool {
        let ending = word.suffix(in: verbsInY, from: word.rv)
        guard ending.isFound, word[ending.start - 1] == "u" else { return false }
        word.cut(at: ending.start)
        return true
    }

    private static let verbs = AffixTable(
        endings: "en es éis emos",
        """
        arían arías arán arás aríais aría aréis aríamos aremos ará aré erían erías erán erás eríais ería eréis eríamos
        eremos erá eré irían irías irán irás iríais iría iréis iríamos iremos irá iré aba ada ida ía ara iera ad ed id
        ase iese aste iste an aban ían aran ieran asen iesen aron ieron ado ido ando iendo ió ar er ir as abas adas
        idas ías aras ieras ases ieses ís áis abais íais arais ierais aseis ieseis asteis isteis ados idos amos ábamos
        íamos imos áramos iéramos iésemos ásemos
        """)

    private static func removeVerb(_ word: inout StemWord) {
        let ending = word.suffix(in: verbs, from: word.rv)
        guard ending.isFound else { return }
        let isAfterGu = ending.group == 1 && word[ending.start - 1] == "u" && word[ending.start - 2] == "g"
        word.cut(at: isAfterGu ? ending.start - 1 : ending.start)
    }

    private static let residues = AffixTable(endings: "os a o á í ó", "e é")

    private static func removeResidue(_ word: inout StemWord) {
        let ending = word.suffix(in: residues)
        guard ending.isFound, word.rv <= ending.start else { return }
        word.cut(at: ending.start)
        if ending.group == 2, word.last() == "u", word.last(2) == "g", word.rv <= word.count - 1 { word.removeLast() }
    }
}
