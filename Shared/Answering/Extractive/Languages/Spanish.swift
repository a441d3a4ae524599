extension QuestionGrammar {
    static let spanish = QuestionGrammar(
        kinds: [
            (.definition, .opens(["que es", "que son", "que significa", "quien es"], words: 1...9)),
            (.quantity, .contains(["cuanta", "cuantas", "cuanto", "cuantos"])),
            (.who, .contains(["quien", "quienes"])),
            (.when, .contains(["cuando", "fecha", "ano"])),
            (.place, .contains(["donde"])),
            (.obligation, .contains(["debe", "deben", "debo", "obligacion", "condiciones"])),
        ],
        weakWords: ["decir", "dice", "documento", "documentos", "explica", "hace", "hacer", "significa", "tiempo"])
}
