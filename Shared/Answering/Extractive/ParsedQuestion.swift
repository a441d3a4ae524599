import Language
import Wire

/// The analysis of a question.
struct ParsedQuestion {
    /// The kind of sentence that answers it.
    enum Kind {
        case who, when, quantity, place, obligation, definition, other
    }

    struct Term {
        let stem: String
        /// The word as typed.
        let surface: String
        /// A name or number. Passages without it cannot answer the question.
        let isSpecific: Bool
        /// A word typical of questions rather than topics, such as "happen". The answer need not contain it.
        fileprivate(set) var isWeak: Bool
        /// What it asks the amount of. A text that states one need not contain the word.
        let measure: Measure?
        /// Whether it means what stands in a table: "the value of".
        var isCell: Bool { Self.cellWords.contains(surface.lowercased()) }
        private static let cellWords: Set<String> = [
            "value", "values", "figure", "figures", "wert", "werte", "valeur", "valeurs", "valor", "valores", "valore",
            "valori",
        ]
        /// The verb of a secondary clause ("have to fix", "if I start"). There are many ways to say it, so it never
        /// weighs more than an ordinary word.
        let isAction: Bool
        /// The verb of the question itself: "Can I pawn …". What the texts say nothing of, they do not answer.
        let isMainVerb: Bool
        /// A letter, or a pair of letters, in a script that does not separate words. A pair may span two words.
        let isUnspaced: Bool
    }

    let kind: Kind
    /// Whether it asks what a word means, rather than for a fact about it.
    let asksForMeaning: Bool
    /// Whether it asks who somebody is.
    var asksForName: Bool { !words.isDisjoint(with: Self.personWords) }
    private static let personWords: Set<String> = ["who", "whos", "wer", "qui", "quien", "quienes", "chi"]
    /// Whether it asks what, rather than whether, something is so.
    let asksWhat: Bool
    private static let whatWords: Set<String> = [
        "what", "which", "welche", "welcher", "welches", "welchen", "que", "quoi", "quel", "quelle", "quels", "quelles",
        "cual", "cuales", "che", "cosa", "quale", "quali",
    ]
    /// Whether it has a word such as "not".
    let isNegated: Bool
    /// The words of the topic, one per stem.
    let terms: [Term]
    /// Whether its language has endings that the stemmer does not know.
    let isInflected: Bool
    /// All words of the question, folded.
    let words: Set<String>
    /// The pairs of letters in each run of a script that does not separate words, in order, as indices of terms.
    let runs: [[Int]]

    init(_ text: String) {
        let question = Self.lastQuestion(in: text)
        let cjk = question.unicodeScalars.contains(where: Tokenizer.isUnspaced) ? QuestionGrammar.cjk : nil
        let topic = cjk?.topic(question) ?? question
        let tokens = Tokenizer.words(in: topic).filter { !$0.isFragment }
        let words = tokens.map(\.text)
        self.words = Set(words)
        let language = QuestionLanguage.of(words)
        let foreign = OtherLanguages.functionWords(in: words, knowing: language)
        isInflected = language != .english || foreign.count > 0 || words.contains { $0.utf8.contains { $0 >= 0xC3 } }
        let grammar = QuestionGrammar.of(language)
        let opening = cjk?.kind(of: words, in: question) ?? grammar.kind(of: words, in: question) ?? .other
        asksWhat =
            !self.words.isDisjoint(with: Self.whatWords) || language == .german && words.first == "was"
            || cjk != nil && Self.unspacedWhat.contains { question.firstIndex(ofBytes: $0) != nil }
        isNegated = Negation.isIn(question)
        asksForMeaning = grammar.asksForMeaning.contains { $0.matches(words, in: question) }
        let reader = TermReader(
            text: topic, words: words, language: language, grammar: grammar, cjk: cjk, foreign: foreign)
        terms = reader.terms(of: tokens)
        // "What is the price …" asks for an amount.
        let asksForAmount = (opening == .other || opening == .definition) && terms.contains { $0.measure != nil }
        kind = asksForAmount ? .quantity : opening
        runs = Self.runs(of: tokens, terms)
    }

    private static let unspacedWhat = ["什么", "什麼", "哪些", "何", "무엇"]

    fileprivate static func unspacedLetters(of token: Token) -> [Unicode.Scalar] {
        token.text.unicodeScalars.filter { Tokenizer.isUnspaced($0) }
    }

    /// Pairs of one run overlap.
    private static func runs(of tokens: [Token], _ terms: [Term]) -> [[Int]] {
        var runs: [[Int]] = []
        var end = 0
        for token in tokens where unspacedLetters(of: token).count == 2 {
            guard let term = terms.firstIndex(where: { $0.stem == token.comparedStem }) else { continue }
            if token.range.lowerBound >= end { runs.append([]) }
            runs[runs.count - 1].append(term)
            end = token.range.upperBound
        }
        return runs
    }

    /// The last sentence that is a question, or the whole message if there is none.
    private static func lastQuestion(in text: String) -> String {
        let sentences = Sentences.split(text)
        guard
            let question = sentences.last(where: {
                text[$0].hasSuffix("?") || text[$0].hasSuffix("？") || text[$0].hasSuffix("؟")
            })
        else { return text }
        return String(text[question])
    }

    static func surface(of token: Token, in text: String) -> String {
        let bytes = text.utf8.dropFirst(token.range.lowerBound).prefix(token.range.count)
        return String(Substring(bytes))
    }
}

/// Words that say that something is not so, or must not be.
enum Negation {
    /// In words: later ones are in another clause.
    private static let reach = 7

    /// Whether a text begins with a clause that has such a word.
    static func isIn(_ text: String) -> Bool {
        if phrases.contains(where: { text.firstIndex(ofBytes: $0) != nil }) { return true }
        let opening = Tokenizer.words(in: text).prefix(reach).map(\.text)
        // "If you do not pay, …" is about somebody who does not pay.
        guard let first = opening.firstIndex(where: words.contains) else { return false }
        return conditions.isDisjoint(with: opening[..<first])
    }

    private static let words: Set<String> = [
        "not", "never", "cannot", "don", "dont", "mustn", "shouldn", "prohibited", "forbidden", "nicht", "kein",
        "keine",
        "keinen", "nie", "niemals", "verboten", "untersagt", "ne", "jamais", "interdit", "interdits", "nunca",
        "prohibido",
        "prohibidos", "non", "no", "vietato", "vietati",
    ]
    private static let conditions: Set<String> = [
        "if", "unless", "when", "who", "wenn", "falls", "sofern", "si", "quand", "cuando", "se", "quando",
    ]
    private static let phrases = ["不要", "请勿", "請勿", "禁止", "不得", "ないでください", "なりません"]
}

/// Picks the words of a question that carry its topic.
private struct TermReader {
    let text: String
    let words: [String]
    let language: StopWords.Language
    let grammar: QuestionGrammar
    let cjk: QuestionGrammar?
    /// Function words of a language that has no grammar.
    let foreign: Set<String>

    /// Each stem once.
    func terms(of tokens: [Token]) -> [ParsedQuestion.Term] {
        var seen: Set<String> = []
        var terms: [ParsedQuestion.Term] = []
        for (position, token) in tokens.enumerated() where terms.count < SearchQuery.maximumTerms {
            guard !StopWords.contains(token.text, in: language), seen.insert(token.comparedStem).inserted
            else { continue }
            terms.append(term(of: token, at: position, hasTopic: terms.contains { !$0.isWeak }))
        }
        if terms.allSatisfy({ grammar.measures.contains($0.surface.lowercased()) }) { return [] }
        // Weak words are the topic if there are no others.
        if terms.allSatisfy(\.isWeak) {
            for index in terms.indices { terms[index].isWeak = false }
        }
        return terms
    }

    private func term(of token: Token, at position: Int, hasTopic: Bool) -> ParsedQuestion.Term {
        let surface = ParsedQuestion.surface(of: token, in: text)
        let isName = position > 0 && surface.utf8.first.map { $0 &- 0x41 < 26 } ?? false && !grammar.capitalisesNouns
        // A number, or the name of something technical, such as bzip2 or x86.
        let isNumber = surface.utf8.contains { $0 &- 0x30 < 10 } || NumberWords.digits(of: token.text) != nil
        let letters = ParsedQuestion.unspacedLetters(of: token)
        let isCommonLetter = letters.count == 1 && cjk?.weakLetters.contains(letters[0]) ?? false
        let isVerb = grammar.clauses?.hasVerb(at: position, of: words) ?? false
        return ParsedQuestion.Term(
            stem: token.comparedStem, surface: surface, isSpecific: isName || isNumber,
            isWeak: isCommonLetter || grammar.weakWords.contains(token.text) || foreign.contains(token.text),
            measure: grammar.measure(of: token.text),
            isAction: hasTopic && isVerb, isMainVerb: !hasTopic && isVerb,
            isUnspaced: !letters.isEmpty)
    }
}
