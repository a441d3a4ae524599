import Language

/// How questions are asked in a language other than English. All words are folded.
struct ForeignQuestions {
    private let definitions: [[String]]
    private let quantity: Set<String>
    private let who: Set<String>
    private let when: Set<String>
    private let place: Set<String>
    private let obligation: Set<String>
    /// Words of questions rather than of topics.
    let weak: Set<String>

    /// Nil for English, which `QuestionWords` knows.
    init?(_ language: StopWords.Language) {
        switch language {
        case .english: return nil
        case .german: self = .german
        case .french: self = .french
        case .spanish: self = .spanish
        case .italian: self = .italian
        }
    }

    func kind(of words: [String]) -> Question.Kind {
        if words.count <= 9, definitions.contains(where: { words.starts(with: $0) }) { return .definition }
        let kinds: [(Question.Kind, Set<String>)] = [
            (.quantity, quantity), (.who, who), (.when, when), (.place, place), (.obligation, obligation),
        ]
        return kinds.first { !$0.1.isDisjoint(with: words) }?.0 ?? .other
    }

    private init(
        definitions: [String], quantity: Set<String>, who: Set<String>, when: Set<String>, place: Set<String>,
        obligation: Set<String>, weak: Set<String>
    ) {
        self.definitions = definitions.map { $0.split(separator: " ").map(String.init) }
        self.quantity = quantity
        self.who = who
        self.when = when
        self.place = place
        self.obligation = obligation
        self.weak = weak
    }

    private static let german = ForeignQuestions(
        definitions: ["was ist", "was sind", "was bedeutet", "was heißt", "wer ist"],
        quantity: ["viel", "viele", "vielen", "wieviel", "wieviele", "lange", "oft", "hoch", "weit"],
        who: ["wer", "wem", "wen", "wessen"],
        when: ["wann", "datum", "jahr"],
        place: ["wo", "woher", "wohin"],
        obligation: ["muss", "mussen", "musst", "soll", "sollen", "pflicht", "bedingungen"],
        weak: [
            "bedeutet", "bekomme", "bekommen", "bekommt", "dokument", "dokumente", "erhalt", "erhalte", "erhalten",
            "geht", "gelten", "genau", "gilt", "heißt", "hoch", "lange", "machen", "oft", "passiert", "sagt", "steht",
            "tun",
        ])

    private static let french = ForeignQuestions(
        definitions: ["qu est ce qu", "qu est ce que c", "que signifie", "qui est"],
        quantity: ["combien"], who: ["qui"], when: ["quand", "date", "annee"], place: [],
        obligation: ["doit", "dois", "doivent", "faut", "obligation", "conditions"],
        weak: ["dire", "dit", "document", "documents", "explique", "faire", "fait", "longtemps", "obtenir", "signifie"])

    private static let spanish = ForeignQuestions(
        definitions: ["que es", "que son", "que significa", "quien es"],
        quantity: ["cuanta", "cuantas", "cuanto", "cuantos"], who: ["quien", "quienes"],
        when: ["cuando", "fecha", "ano"], place: ["donde"],
        obligation: ["debe", "deben", "debo", "obligacion", "condiciones"],
        weak: ["decir", "dice", "documento", "documentos", "explica", "hace", "hacer", "significa", "tiempo"])

    private static let italian = ForeignQuestions(
        definitions: ["che cos", "che cosa e", "cosa e", "cos e", "cosa significa", "chi e"],
        quantity: ["quanta", "quante", "quanti", "quanto"], who: ["chi"], when: ["quando", "data", "anno"],
        place: ["dove"], obligation: ["deve", "devo", "devono", "obbligo", "condizioni"],
        weak: ["dice", "dire", "documenti", "documento", "fa", "fare", "significa", "spiega", "tempo"])
}
