import Testing

@testable import Answering

/// Questions about a price, a measure or a size: the amount stands for the question's word.
struct AmountQuestionTests {
    private func answer(_ question: String, _ content: String) -> String {
        let passage = EvidencePassage(
            number: 1, documentName: "notes.txt", heading: nil, content: content, score: 1,
            wordScore: EvidencePassage.usualWordScore)
        return ExtractiveAnswerer.answer(question, from: [passage], mode: .query).content
    }

    private static let english = """
        The boiler of the laundry weighs 310 kg and was bought used.
        The warehouse has an area of 1,250 square metres. It is 9 m tall inside.
        A day pass for the sauna is 14.50 euros; children pay half.
        Item: Hotel per night; Limit: 140 EUR; Receipt needed: yes
        The freezer keeps its content at −18 °C. The archive holds 2 TB of scans.
        The choir has 43 singers. The gateway listens on port 8443.
        """

    @Test(arguments: [
        ("How heavy is the boiler?", "310 kg"), ("How much does the boiler weigh?", "310 kg"),
        ("What is the weight of the boiler?", "310 kg"), ("How large is the warehouse?", "1,250 square metres"),
        ("What is the size of the warehouse?", "1,250 square metres"), ("How big is the choir?", "43 singers"),
        ("How much does a day pass for the sauna cost?", "14.50 euros"),
        ("What is the price of a day pass?", "14.50 euros"), ("How expensive is the sauna?", "14.50 euros"),
        ("How much may a hotel cost per night?", "140 EUR"), ("How cold is the freezer?", "−18 °C"),
        ("Which port does the gateway listen on?", "8443"), ("How large is the archive of scans?", "2 TB"),
    ])
    func findsAmounts(question: String, amount: String) {
        let answer = answer(question, Self.english)
        #expect(answer.contains(amount), "\(question)\n\(answer)")
    }

    @Test(arguments: [
        "How much does the boiler cost?", "How heavy is the sauna?", "What is the price of the freezer?",
        "How tall is the choir?", "What is the temperature of the boiler?", "How much does the yearly pass cost?",
        "How heavy is the truck?", "How large is the garden?", "How much does the choir cost?",
        "How large is the gateway?",
    ])
    func refusesOtherAmounts(question: String) {
        #expect(answer(question, Self.english) == ExtractiveAnswerer.notFound, "\(question)")
    }

    @Test(arguments: [
        (
            "Was kostet ein Stellplatz?", "Die Garage ist offen. Ein Stellplatz wird für 65 Euro im Monat vermietet.",
            "65 Euro"
        ),
        ("Wie teuer ist das Frühstück?", "Das Frühstück ist für 12 € zu haben. Abends ist geschlossen.", "12 €"),
        ("Wie schwer ist die Pumpe?", "Die Pumpe bringt 48 kg auf die Waage.", "48 kg"),
        ("Wie groß ist die Halle?", "Die Halle hat eine Fläche von 900 m².", "900 m²"),
        ("Combien coûte le repas ?", "Le repas est à 9 euros. La cantine ferme à deux heures.", "9 euros"),
        ("Combien pèse la pompe ?", "La cave est froide. La pompe fait 48 kg.", "48 kg"),
        ("¿Cuánto cuesta la entrada?", "La entrada vale 8 euros. El museo abre a las diez.", "8 euros"),
        ("¿Cuánto pesa la bomba?", "La bomba es de 48 kg.", "48 kg"),
        ("Quanto costa il biglietto?", "Il biglietto si compra a 6 euro. Il museo apre alle dieci.", "6 euro"),
        ("Quanto pesa la pompa?", "La pompa è di 48 kg.", "48 kg"),
    ])
    func findsAmountsInOtherLanguages(question: String, content: String, amount: String) {
        let answer = answer(question, content)
        #expect(answer.contains(amount), "\(question)\n\(answer)")
    }

    @Test(arguments: [
        ("Was kostet ein Stellplatz?", "Ein Stellplatz ist 5 m lang."),
        ("Was kostet der Kran?", "Ein Stellplatz kostet 65 Euro. Der Kran wiegt 4 t."),
        ("Combien pèse le café ?", "La pompe pèse 48 kg. Le café coûte 1,20 €."),
        ("Combien coûte le repas ?", "Le repas dure 40 minutes."),
        ("¿Cuánto pesa la bomba?", "La bomba tiene 3 años."),
        ("Quanto costa il biglietto?", "Il biglietto vale 90 minuti."),
    ])
    func refusesOtherAmountsInOtherLanguages(question: String, content: String) {
        #expect(answer(question, content) == ExtractiveAnswerer.notFound, "\(question)")
    }

    @Test(arguments: [
        ("How tall is the gate?", "The gate is 4 m wide.", "The gate is 4 m tall."),
        ("How deep is the lake?", "The lake lies 800 m above the sea.", "The lake is 80 m deep."),
        ("How thick is the wall?", "The wall is 12 m long.", "The wall is 12 cm thick and 4 m long."),
        ("Wie breit ist die Kiste?", "Die Kiste ist 3 m lang.", "Die Kiste ist 3 m lang und 2 m breit."),
        (
            "Quelle est la profondeur de la piscine ?", "La piscine fait 25 m de long.",
            "La piscine a 2 m de profondeur."
        ),
    ])
    func anAmountOfAnotherDimensionDoesNotCount(question: String, other: String, sentence: String) {
        func answer(_ content: String) -> String {
            let passage = EvidencePassage(
                number: 1, documentName: "n.txt", heading: nil, content: content, score: 1,
                wordScore: EvidencePassage.usualWordScore)
            return ExtractiveAnswerer.answer(question, from: [passage], mode: .query).content
        }
        #expect(answer(other) == ExtractiveAnswerer.notFound)
        #expect(answer(sentence) == sentence + " [1]")
    }
}
