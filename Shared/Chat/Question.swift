import Retrieval

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
    }

    let kind: Kind
    /// The words that carry the topic, each stem once.
    let terms: [Term]

    init(_ text: String) {
        var text = Self.essence(of: text)
        let tokens = text.withUTF8 { Tokenizer.tokens(in: $0) }.filter { !$0.isFragment }
        let words = tokens.map(\.text)
        let language = StopWords.language(of: words)
        let foreign = ForeignQuestions(language)
        kind = foreign?.kind(of: words) ?? Self.kind(of: words)
        var seen: Set<String> = []
        var terms: [Term] = []
        for (position, token) in tokens.enumerated() where terms.count < SearchQuery.maximumTerms {
            guard !StopWords.contains(token.text, in: language), seen.insert(token.baseStem).inserted
            else { continue }
            let surface = Self.surface(of: token, in: text)
            let first = surface.utf8.first ?? 0
            // German writes every noun with a capital.
            let isName = position > 0 && first &- 0x41 < 26 && language != .german
            let isNumber = first &- 0x30 < 10
            terms.append(
                Term(
                    stem: token.baseStem, surface: surface, isSpecific: isName || isNumber,
                    isWeak: (foreign?.weak ?? QuestionWords.weak).contains(token.text)))
        }
        // With weak words alone, they are all there is to go by.
        self.terms =
            terms.contains { !$0.isWeak }
            ? terms
            : terms.map {
                Term(stem: $0.stem, surface: $0.surface, isSpecific: $0.isSpecific, isWeak: false)
            }
    }

    /// The last sentence that is a question; the whole message when there is none.
    private static func essence(of text: String) -> String {
        let sentences = Sentences.split(text)
        guard let question = sentences.last(where: { text[$0].utf8.last == UInt8(ascii: "?") })
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
        if words.first == "when" || set.contains("date") || set.contains("year") { return .when }
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
        "many", "much", "long", "old", "often", "far", "large", "big",
    ]

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
        "explain", "far", "find", "give", "given", "gives", "giving", "go", "happen", "happened",
        "happens", "instead", "kind", "kinds", "know", "let", "like", "list", "long", "made",
        "make", "many", "mean", "meaning", "means", "meant", "much", "ok", "old", "one", "often",
        "people", "permitted", "person", "possible", "put", "question", "really", "regarding",
        "required", "said", "say", "says", "show", "somebody", "someone", "something", "sort",
        "still", "summarize", "take", "text", "thing", "things", "think", "thus", "type", "want",
        "way", "ways",
    ]
}
