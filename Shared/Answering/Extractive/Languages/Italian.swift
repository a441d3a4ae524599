extension QuestionGrammar {
    static let italian = QuestionGrammar(
        kinds: [
            (
                .definition,
                .opens(
                    ["che cos", "che cosa e", "cosa e", "cos e", "cosa significa", "cosa vuol dire", "chi e"],
                    words: 1...9)
            ),
            (.quantity, .contains(["quanta", "quante", "quanti", "quanto"])),
            (.who, .contains(["chi"])),
            (.when, .contains(["quando", "data", "anno"])),
            (.place, .contains(["dove"])),
            (.obligation, .contains(["deve", "devo", "devono", "obbligo", "condizioni"])),
        ],
        weakWords: [
            "dice", "dire", "documenti", "documento", "fa", "fare", "significa", "spiega", "tempo", "usa", "utilizza",
            "vuol",
        ],
        amounts: [
            .money: ["costa", "costano", "costo", "prezzo", "tariffa", "caro"],
            .mass: ["pesa", "pesano", "peso", "pesante"],
            .length: ["alto", "altezza", "largo", "larghezza", "lunghezza", "profondita", "misura"],
            .area: ["superficie", "area"],
            .temperature: ["temperatura"],
            .size: ["grande", "dimensione", "dimensioni"],
        ])
}
