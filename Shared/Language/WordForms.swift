/// English words with forms that no stemmer unifies: irregular verbs and plurals, British and American spelling.
///
/// They are not in the index, so a better table needs no reindexing: a query looks for all forms of its words, and
/// comparisons of a question with a text reduce both to the base form first.
public enum WordForms {
    /// The base form: `keep` for `kept`, `licenses` for `licences`. Other words are unchanged.
    public static func base(of folded: String) -> String {
        if let base = bases[folded] { return base }
        return american(folded) ?? folded
    }

    /// Other forms of a word that a text may use. None of them has the word's stem.
    public static func alternatives(to folded: String) -> [String] {
        let stem = Stemmer.stem(folded)
        let forms = irregular[stem] ?? irregular[Stemmer.stem(base(of: folded))] ?? []
        let spellings = [american(folded), british(folded)].compactMap { $0 }
        var seen: Set<String> = [stem]
        return (forms + spellings).filter { seen.insert(Stemmer.stem($0)).inserted }
    }

    // MARK: Spelling

    private static func american(_ word: String) -> String? {
        for (british, american) in spellings(like: word) where word.hasPrefix(british) {
            return american + word.dropFirst(british.count)
        }
        return exchange("is", for: "iz", in: word)
    }

    private static func british(_ word: String) -> String? {
        for (british, american) in spellings(like: word) where word.hasPrefix(american) {
            return british + word.dropFirst(american.count)
        }
        return exchange("iz", for: "is", in: word)
    }

    /// Converts between `organisation` and `organization`. It also turns `promise` into `promize`, which is harmless
    /// because that happens on both sides.
    private static func exchange(_ old: String, for new: String, in word: String) -> String? {
        guard word.utf8.count >= shortestExchanged else { return nil }
        for ending in endings where word.hasSuffix(old + ending) {
            let root = word.dropLast(old.count + ending.count)
            return root.utf8.count >= 4 ? root + new + ending : nil
        }
        return nil
    }

    /// Four letters, the two that differ, and an `e`.
    private static let shortestExchanged = 7
    private static let endings = ["ations", "ation", "ing", "ers", "er", "es", "ed", "e"]

    /// The spellings that a word may begin with. Every word of every passage is looked up, so the common case must be
    /// fast.
    private static func spellings(like word: String) -> [(british: String, american: String)] {
        guard word.utf8.count >= 4, let initial = word.utf8.first else { return [] }
        return spellingsByInitial[Int(initial)]
    }

    /// Both spellings of a word have the same first letter.
    private static let spellingsByInitial: [[(british: String, american: String)]] = (0...UInt8.max).map { initial in
        spellings.filter { $0.key.utf8.first == initial }.map { ($0.key, $0.value) }
    }

    /// Beginnings of words, in British and American spelling.
    private static let spellings: KeyValuePairs<String, String> = [
        "acknowledgement": "acknowledgment", "analys": "analyz", "artefact": "artifact", "behaviour": "behavior",
        "catalogue": "catalog", "centre": "center", "colour": "color", "defenc": "defens", "dialogue": "dialog",
        "favour": "favor", "fibre": "fiber", "flavour": "flavor", "grey": "gray", "harbour": "harbor",
        "honour": "honor", "instalment": "installment", "judgement": "judgment", "labour": "labor",
        "licenc": "licens", "litre": "liter", "metre": "meter", "neighbour": "neighbor", "offenc": "offens",
        "practis": "practic", "programme": "program", "theatre": "theater",
    ]

    // MARK: Irregular forms

    /// The forms of each word, its base first, by the stem of the base.
    private static let irregular = Dictionary(
        forms.map { (Stemmer.stem($0[0]), $0) }, uniquingKeysWith: { first, _ in first })

    private static let bases = Dictionary(
        forms.flatMap { word in word.dropFirst().map { ($0, word[0]) } }, uniquingKeysWith: { first, _ in first })

    /// Verbs, then nouns. Omits forms that are more common as other words: `left`, `found`, `saw`, `rose`, `ground`,
    /// `leaves`, `lives`.
    private static let forms: [[String]] = [
        "arise arose arisen", "become became", "begin began begun", "break broke broken", "bring brought",
        "build built", "buy bought", "catch caught", "choose chose chosen", "come came", "deal dealt",
        "draw drew drawn", "drive drove driven", "eat ate eaten", "fall fell fallen", "fight fought",
        "forbid forbade forbidden", "forget forgot forgotten", "freeze froze frozen", "get got gotten",
        "give gave given", "go went gone", "grow grew grown", "hear heard", "hide hid hidden", "hold held",
        "keep kept", "know knew known", "lead led", "lend lent", "lose lost", "make made", "meet met", "pay paid",
        "ride rode ridden", "run ran", "seek sought", "sell sold", "send sent", "shake shook shaken", "shoot shot",
        "shrink shrank shrunk", "sleep slept", "speak spoke spoken", "spend spent", "steal stole stolen",
        "stick stuck", "swear swore sworn", "take took taken", "teach taught", "tear tore torn", "think thought",
        "throw threw thrown", "understand understood", "wake woke woken", "wear wore worn", "win won",
        "withdraw withdrew withdrawn", "withhold withheld", "write wrote written",
        "analysis analyses", "appendix appendices", "bacterium bacteria", "child children", "crisis crises",
        "criterion criteria", "curriculum curricula", "foot feet", "goose geese", "half halves",
        "hypothesis hypotheses",
        "index indices", "knife knives", "man men", "matrix matrices", "medium media", "mouse mice", "person people",
        "phenomenon phenomena", "shelf shelves", "thesis theses", "thief thieves", "tooth teeth", "vertex vertices",
        "wife wives", "woman women",
    ].map { $0.split(separator: " ").map(String.init) }
}

extension Token {
    /// The stem of the word's base form.
    public var baseStem: String { Stemmer.stem(WordForms.base(of: text)) }
}
