extension QuestionGrammar {
    static let german = QuestionGrammar(
        kinds: [
            (.definition, .opens(["was ist", "was sind", "was bedeutet", "was heißt", "wer ist"], words: 1...9)),
            (.quantity, .contains(["viel", "viele", "vielen", "wieviel", "wieviele", "lange", "oft", "hoch", "weit"])),
            (.who, .contains(["wer", "wem", "wen", "wessen"])),
            (.when, .contains(["wann", "datum", "jahr"])),
            (.place, .contains(["wo", "woher", "wohin"])),
            (.obligation, .contains(["muss", "mussen", "musst", "soll", "sollen", "pflicht", "bedingungen"])),
        ],
        weakWords: [
            "bedeutet", "bekomme", "bekommen", "bekommt", "dokument", "dokumente", "erhalt", "erhalte", "erhalten",
            "geht", "gelten", "genau", "gilt", "heißt", "hoch", "lange", "machen", "macht", "oft", "passiert", "sagt",
            "steht",
            "tun", "benutzt", "nutzt", "verwendet",
        ],
        amounts: [
            .money: ["kostet", "kosten", "preis", "preise", "teuer", "gebuhr"],
            .mass: ["schwer", "wiegt", "wiegen", "gewicht"],
            .length: ["breit", "breite", "tief", "tiefe", "dick", "dicke", "hohe"],
            .area: ["flache"],
            .temperature: ["warm", "kalt", "heiß", "temperatur"],
            .size: ["groß", "gross", "große", "grosse"],
        ],
        capitalisesNouns: true)
}
