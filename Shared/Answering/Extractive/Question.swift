import Language

/// What a question asks for.
struct Question {
    /// What kind of sentence answers it.
    enum Kind {
        case who, when, quantity, place, obligation, definition, other
    }

    struct Term {
        let stem: String
        /// The word as it was typed.
        let surface: String
        /// A name or number: without it in the passages there is no answer.
        let isSpecific: Bool
        /// A word of questions rather than of topics, such as "happen"; nice to find, not needed.
        let isWeak: Bool
        /// The verb of a clause beside the question ("have to fix", "if I start"): it can be said in many ways, so it
        /// counts no more than an ordinary word, however rare it is.
        let isAction: Bool
        /// One letter, or a pair of letters, of a script that does not set words apart. A pair may be the seam
        /// between two words.
        let isUnspaced: Bool
    }

    let kind: Kind
    /// Asks for the meaning of a word, rather than for something about it.
    let asksForMeaning: Bool
    /// The words that carry the topic, each stem once.
    let terms: [Term]
    /// The pairs of letters of each run that the topic has in a script that does not set words apart, in order, as
    /// places among the terms.
    let runs: [[Int]]

    init(_ text: String) {
        let question = Self.essence(of: text)
        let unspaced = UnspacedQuestions(question)
        var text = unspaced?.topic ?? question
        let tokens = text.withUTF8 { Tokenizer.tokens(in: $0) }.filter { !$0.isFragment }
        let words = tokens.map(\.text)
        let language = StopWords.language(of: words)
        let foreign = ForeignQuestions(language)
        kind = unspaced.flatMap(\.kind) ?? foreign?.kind(of: words) ?? Self.kind(of: words)
        asksForMeaning = language == .english && QuestionWords.asksForMeaning(words)
        var seen: Set<String> = []
        var terms: [Term] = []
        for (position, token) in tokens.enumerated() where terms.count < SearchQuery.maximumTerms {
            guard !StopWords.contains(token.text, in: language), seen.insert(token.baseStem).inserted
            else { continue }
            let surface = Self.surface(of: token, in: text)
            let first = surface.utf8.first ?? 0
            // German writes every noun with a capital.
            let isName = position > 0 && first &- 0x41 < 26 && language != .german
            // A number, or the name of something technical, such as bzip2 or x86.
            let hasDigits = surface.utf8.contains { $0 &- 0x30 < 10 }
            let letters = Self.unspacedLetters(of: token)
            let isCommon = letters.count == 1 && letters.allSatisfy(UnspacedQuestions.isCommon)
            terms.append(
                Term(
                    stem: token.baseStem, surface: surface, isSpecific: isName || hasDigits,
                    isWeak: isCommon || (foreign?.weak ?? QuestionWords.weak).contains(token.text),
                    isAction: foreign == nil && terms.contains { !$0.isWeak }
                        && QuestionWords.isAction(words, at: position),
                    isUnspaced: !letters.isEmpty))
        }
        // "What time is it?" asks for a measure, and does not say of what.
        let measures = QuestionWords.measures
        if foreign == nil, terms.allSatisfy({ measures.contains($0.surface.lowercased()) }) { terms = [] }
        // With weak words alone, they are all there is to go by.
        self.terms =
            terms.contains { !$0.isWeak }
            ? terms
            : terms.map {
                Term(
                    stem: $0.stem, surface: $0.surface, isSpecific: $0.isSpecific, isWeak: false,
                    isAction: $0.isAction, isUnspaced: $0.isUnspaced)
            }
        runs = Self.runs(of: tokens, self.terms)
    }

    private static func unspacedLetters(of token: Token) -> [Unicode.Scalar] {
        token.text.unicodeScalars.filter { IndexForm.isUnspaced($0) }
    }

    /// Pairs of one run overlap.
    private static func runs(of tokens: [Token], _ terms: [Term]) -> [[Int]] {
        var runs: [[Int]] = []
        var end = 0
        for token in tokens where unspacedLetters(of: token).count == 2 {
            guard let term = terms.firstIndex(where: { $0.stem == token.baseStem }) else { continue }
            if token.range.lowerBound >= end { runs.append([]) }
            runs[runs.count - 1].append(term)
            end = token.range.upperBound
        }
        return runs
    }

    /// The last sentence that is a question; the whole message when there is none.
    private static func essence(of text: String) -> String {
        let sentences = Sentences.split(text)
        guard let question = sentences.last(where: { text[$0].hasSuffix("?") || text[$0].hasSuffix("？") })
        else { return text }
        return String(text[question])
    }

    static func surface(of token: Token, in text: String) -> String {
        let bytes = text.utf8.dropFirst(token.range.lowerBound).prefix(token.range.count)
        return String(Substring(bytes))
    }

    private static func kind(of words: [String]) -> Kind {
        let set = Set(words)
        if QuestionWords.isDefinition(words) { return .definition }
        if set.contains("who") || set.contains("whom") || set.contains("whose") { return .who }
        if words.first == "when" || set.contains("date") || QuestionWords.asksForTime(words) || set.contains("year") {
            return .when
        }
        if words.first == "where" { return .place }
        if let how = words.firstIndex(of: "how"), how + 1 < words.count,
            QuestionWords.measures.contains(words[how + 1])
        {
            return .quantity
        }
        return set.isDisjoint(with: QuestionWords.obligations) ? .other : .obligation
    }
}

enum QuestionWords {
    static let measures: Set<String> = [
        "many", "much", "long", "old", "often", "far", "large", "big", "quickly", "soon", "fast", "frequently", "time",
        "times",
    ]

    /// Whether a word is the verb of a clause beside the question: `if I …`, `… can I …`, `have to …`. The question's own verb
    /// ("How do I encrypt …") says what it is about.
    static func isAction(_ words: [String], at position: Int) -> Bool {
        guard position >= 2 else { return false }
        let before = (words[position - 2], words[position - 1])
        if before.1 == "to" { return ["have", "has", "had"].contains(before.0) }
        return clauseOpeners.contains(before.0) && pronouns.contains(before.1)
    }

    private static let clauseOpeners: Set<String> = [
        "after", "because", "before", "can", "could", "if", "may", "should", "unless", "until", "when",
    ]
    private static let pronouns: Set<String> = ["i", "you", "we", "they", "he", "she", "it", "somebody", "someone"]

    /// `what time …`, `within what time …`, `how much time …`.
    static func asksForTime(_ words: [String]) -> Bool {
        zip(words, words.dropFirst()).contains { ["what", "which", "much"].contains($0) && $1 == "time" }
    }

    /// `what is x`, `the meaning of x`, `what does x mean`, `define x`.
    static func asksForMeaning(_ words: [String]) -> Bool {
        let meaning: Set<String> = ["define", "defined", "definition", "mean", "meaning", "means"]
        if !meaning.isDisjoint(with: words) { return true }
        return words.count == 3 && words[0] == "what" && (words[1] == "is" || words[1] == "are")
    }

    static let obligations: Set<String> = [
        "must", "shall", "should", "obliged", "required", "requirement", "requirements",
        "condition", "conditions", "obligation", "obligations", "need", "have",
    ]

    /// `what is …` with few words, `what does … mean`, `define …`, `definition of …`.
    static func isDefinition(_ words: [String]) -> Bool {
        guard let first = words.first else { return false }
        if words.contains("mean") || words.contains("means") || words.contains("definition")
            || words.contains("defined") || first == "define"
        {
            return true
        }
        guard first == "what" || first == "who", words.count > 1 else { return false }
        let isCopula = words[1] == "is" || words[1] == "are" || words[1] == "s"
        return isCopula && words.count <= 9
    }

    static let weak: Set<String> = [
        "able", "according", "actually", "allow", "allowed", "answer", "anybody", "anyone",
        "anything", "call", "called", "come", "concerning", "define", "defined", "definition",
        "describe", "document", "documents", "else", "ever", "everything", "exactly", "example",
        "explain", "far", "fast", "find", "frequently", "gets", "give", "given", "gives", "giving", "go", "happen",
        "happened",
        "happens", "instead", "kind", "kinds", "know", "let", "like", "list", "long", "made",
        "make", "many", "mean", "meaning", "means", "meant", "much", "ok", "old", "one", "often",
        "people", "permitted", "person", "possible", "put", "question", "quickly", "really", "regarding",
        "required", "said", "say", "says", "show", "somebody", "someone", "something", "soon",
        "sort", "still", "summarize", "take", "text", "thing", "things", "think", "thus", "time", "times", "type",
        "want",
        "way", "ways",
    ]
}
