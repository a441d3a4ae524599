extension QuestionGrammar {
    static let spanish = QuestionGrammar(
        kinds: [
            (
                .definition,
                .opens(["que es", "que son", "que significa", "que quiere decir", "quien es"], words: 1...9)
            ),
            (.quantity, .contains(["cuanta", "cuantas", "cuanto", "cuantos"])),
            (.who, .contains(["quien", "quienes"])),
            (.when, .contains(["cuando", "fecha", "ano"])),
            (.place, .contains(["donde"])),
            (.obligation, .contains(["debe", "deben", "debo", "obligacion", "condiciones"])),
        ],
        weakWords: [
            "decir", "dice", "documento", "documentos", "explica", "hace", "hacer", "quiere", "significa", "tiempo",
            "usa",
            "utiliza",
        ],
        amounts: [
            .money: ["cuesta", "cuestan", "costo", "coste", "precio", "vale", "caro", "tarifa"],
            .mass: ["pesa", "pesan", "peso"],
            .length: ["alto", "altura", "ancho", "anchura", "longitud", "profundidad", "mide"],
            .area: ["superficie", "area"],
            .temperature: ["temperatura"],
            .size: ["grande", "tamano"],
        ])
}
