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
        let own = stem(folded)
        let forms =
            irregular(own) ?? irregular(stem(irregularBase(of: folded) ?? american(folded) ?? folded))
            ?? []
        let spellings = [american(folded), british(folded)].compactMap { $0 }
        var seen: Set<String> = [own]
        return (forms + spellings).filter { seen.insert(stem($0)).inserted }
    }

    private static func stem(_ word: String) -> String { Stemmers.stem(word, in: .english) }

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
    private static let spellingsByInitial: [[(british: String, american: String)]] = {
        var all = [[(british: String, american: String)]](repeating: [], count: 256)
        for (british, american) in spellings {
            if let initial = british.utf8.first { all[Int(initial)].append((british, american)) }
        }
        return all
    }()

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

    // A query asks for the forms of a few words. Reading the table for each takes less time than making a dictionary, for
    // which a cold search would wait.

    /// The forms of the word with this stem, its base first.
    private static func irregular(_ wanted: String) -> [String]? {
        guard let initial = wanted.utf8.first else { return nil }
        for line in forms where line.utf8Start[0] == initial {
            let words = words(of: line)
            if stem(words[0]) == wanted { return words }
        }
        return nil
    }

    private static func irregularBase(of form: String) -> String? {
        var form = form
        return form.withUTF8 { form in
            forms.first { has($0, form) }.map { words(of: $0)[0] }
        }
    }

    /// Whether a word is among the forms of a line, not counting the base.
    private static func has(_ line: StaticString, _ form: UnsafeBufferPointer<UInt8>) -> Bool {
        let bytes = UnsafeBufferPointer(start: line.utf8Start, count: line.utf8CodeUnitCount)
        let space = UInt8(ascii: " ")
        return bytes.indices.contains { start in
            let end = start + 1 + form.count
            return bytes[start] == space && end <= bytes.count && (end == bytes.count || bytes[end] == space)
                && bytes[start + 1..<end].elementsEqual(form)
        }
    }

    private static func words(of line: StaticString) -> [String] {
        UnsafeBufferPointer(start: line.utf8Start, count: line.utf8CodeUnitCount).split(separator: UInt8(ascii: " "))
            .map { String(decoding: $0, as: UTF8.self) }
    }

    /// The bases of all forms, for texts, whose every word is looked up.
    private static let bases = Dictionary(
        forms.map(words).flatMap { word in word.dropFirst().map { ($0, word[0]) } },
        uniquingKeysWith: { first, _ in first })

    /// Verbs, then nouns. Omits forms that are more common as other words: `left`, `found`, `saw`, `rose`, `ground`,
    /// `leaves`, `lives`.
    private static let forms: [StaticString] = [
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
    ]
}
