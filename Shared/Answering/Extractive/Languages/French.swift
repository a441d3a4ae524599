extension QuestionGrammar {
    static let french = QuestionGrammar(
        kinds: [
            (
                .definition,
                .opens(["qu est ce qu", "qu est ce que c", "que signifie", "que veut dire", "qui est"], words: 1...9)
            ),
            (.quantity, .contains(["combien"])),
            (.who, .contains(["qui"])),
            (.when, .contains(["quand", "date", "annee"])),
            (.obligation, .contains(["doit", "dois", "doivent", "faut", "obligation", "conditions"])),
        ],
        weakWords: [
            "dire", "dit", "document", "documents", "explique", "faire", "fait", "longtemps", "obtenir", "signifie",
            "veulent", "veut", "utilise", "utilisent", "utiliser",
        ],
        amounts: [
            .money: ["coute", "coutent", "cout", "prix", "tarif", "cher"],
            .mass: ["pese", "pesent", "poids", "lourd"],
            .length: ["hauteur", "largeur", "longueur", "profondeur", "epaisseur", "haut"],
            .area: ["superficie", "surface"],
            .temperature: ["temperature", "chaud", "froid"],
            .size: ["grand", "grande", "taille"],
        ])
}
