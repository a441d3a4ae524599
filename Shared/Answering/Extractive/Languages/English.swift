extension QuestionGrammar {
    static let english = QuestionGrammar(
        kinds: [
            (.definition, .contains(["mean", "means", "definition", "defined"])),
            (.definition, .opens(["define"])),
            (.definition, .opens(["what is", "what are", "what s", "who is", "who are", "who s"], words: 2...9)),
            (.who, .contains(["who", "whom", "whose"])),
            (.when, .opens(["when"])),
            (.when, .contains(["date", "year"])),
            (.when, .containsPhrase(["what time", "which time", "much time"])),
            (.place, .opens(["where"])),
            (.quantity, .follows("how", next: measures)),
            (
                .obligation,
                .contains([
                    "must", "shall", "should", "obliged", "required", "requirement", "requirements", "condition",
                    "conditions", "obligation", "obligations", "need", "have",
                ])
            ),
        ],
        asksForMeaning: [
            .contains(["define", "defined", "definition", "mean", "meaning", "means"]),
            .opens(["what is", "what are"], words: 3...3),
        ],
        weakWords: [
            "able", "according", "actually", "allow", "allowed", "answer", "anybody", "anyone", "anything", "ask",
            "call",
            "called", "come", "concerning", "define", "defined", "definition", "describe", "document", "documents",
            "else", "ever", "everything", "exactly", "example", "explain", "far", "fast", "find", "frequently",
            "gets", "give", "given", "gives", "giving", "go", "happen", "happened", "happens", "instead", "kind",
            "kinds", "know", "let", "like", "list", "long", "made", "make", "many", "mean", "meaning", "means",
            "meant", "much", "ok", "old", "one", "often", "people", "permitted", "person", "possible", "put",
            "question", "quickly", "really", "regarding", "required", "said", "say", "says", "show", "somebody",
            "someone", "something", "soon", "sort", "still", "summarize", "take", "text", "thing", "things",
            "think", "thus", "time", "times", "type", "use", "used", "uses", "using", "want", "way", "ways",
        ],
        measures: measures,
        amounts: [
            .money: ["cost", "costs", "costing", "price", "priced", "prices", "expensive"],
            .mass: ["heavy", "weigh", "weighs", "weight"],
            .length: ["tall", "height", "wide", "width", "deep", "depth", "thick", "thickness"],
            .area: ["area"],
            .volume: ["volume"],
            .temperature: ["hot", "cold", "warm", "temperature"],
            .size: ["large", "big", "high", "size"],
        ],
        clauses: QuestionClauses(
            openers: [
                "after", "because", "before", "can", "could", "if", "may", "should", "unless", "until", "when",
            ],
            pronouns: ["i", "you", "we", "they", "he", "she", "it", "somebody", "someone"],
            obligation: (["have", "has", "had"], "to")))

    private static let measures: Set<String> = [
        "many", "much", "long", "old", "often", "far", "large", "big", "quickly", "soon", "fast", "frequently",
        "time", "times",
    ]
}
