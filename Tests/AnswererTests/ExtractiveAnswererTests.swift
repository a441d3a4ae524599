import Testing

@testable import Chat

struct ExtractiveAnswererTests {
    private func passage(
        _ number: Int, _ content: String, heading: String? = nil
    ) -> EvidencePassage {
        EvidencePassage(
            number: number, documentName: "handbook.txt", heading: heading, content: content,
            score: 1 / Double(number))
    }

    private func ask(
        _ question: String, _ passages: EvidencePassage..., mode: ExtractiveAnswerer.Mode = .query
    ) -> ExtractiveAnswer {
        ExtractiveAnswerer.answer(question, from: passages, mode: mode)
    }

    @Test func citesTheSentence() {
        let answer = ask(
            "Who approves travel expenses?",
            passage(1, "The canteen opens at noon. Lunch is free."),
            passage(
                2, "Every trip needs a form. Ann Smith approves travel expenses above 50 euros."))
        #expect(
            answer
                == ExtractiveAnswer(
                    content: "Ann Smith approves travel expenses above 50 euros. [2]", cited: [2],
                    found: true))
    }

    @Test(arguments: [
        (
            "Wann verfällt der Urlaub?",
            "Resturlaub ist zu beantragen. Der Urlaub verfällt am 31. März des Folgejahres.",
            "Der Urlaub verfällt am 31. März des Folgejahres. [1]"
        ),
        (
            "Wie viele Tage Urlaub hat ein Mitarbeiter?",
            "Die Kantine ist offen. Jeder Mitarbeiter hat 30 Tage Urlaub im Jahr.",
            "Jeder Mitarbeiter hat 30 Tage Urlaub im Jahr. [1]"
        ),
        (
            "Combien de jours de congés a un salarié ?",
            "La cantine est ouverte. Un salarié a droit à 25 jours de congés par an.",
            "Un salarié a droit à 25 jours de congés par an. [1]"
        ),
        (
            "¿Quién aprueba los gastos de viaje?", "El comedor abre a las doce. Ana Ruiz aprueba los gastos de viaje.",
            "Ana Ruiz aprueba los gastos de viaje. [1]"
        ),
        (
            "Quanti giorni di ferie ha un dipendente?",
            "La mensa apre alle dodici. Ogni dipendente ha 26 giorni di ferie.",
            "Ogni dipendente ha 26 giorni di ferie. [1]"
        ),
    ])
    func answersInOtherLanguages(question: String, content: String, answer: String) {
        #expect(ask(question, passage(1, content)).content == answer)
        #expect(!ask("Wer leitet die Abteilung für Raumfahrt?", passage(1, content)).found)
    }

    @Test func bringsTheListOfALeadIn() {
        let answer = ask(
            "What must I bring on the first day?",
            passage(
                4,
                "First day\n\nOn the first day you must bring:\n\na) your passport\nb) a photo\n\n"
                    + "The day ends at five.", heading: "First day"))
        #expect(
            answer.content
                == "On the first day you must bring: [4]\na) your passport [4]\nb) a photo [4]")
    }

    @Test(arguments: ["", "?", "the of is", "What is the capital of France?", "\u{0}\u{FFFD}"])
    func refusesWhatIsNotThere(question: String) {
        let answer = ask(question, passage(1, "What is the point of the capital letters here."))
        #expect(!answer.found && answer.cited.isEmpty)
        #expect(answer.content == ExtractiveAnswerer.notFound)
        #expect(!ask(question).found)
    }

    @Test func greetsOnlyInChat() {
        #expect(ask("Hello!", mode: .chat).content == SmallTalk.greeting)
        #expect(ask("Thanks a lot.", mode: .chat).content == SmallTalk.thanks)
        #expect(ask("Hello!", mode: .query).content == ExtractiveAnswerer.notFound)
    }

    @Test func survivesStrangeInput() {
        let long = String(repeating: "word: (a) ", count: 3_000)
        let answer = ask(long, passage(1, long), passage(1, ""), passage(-5, "\n\n:\n- \n"))
        #expect(!answer.content.isEmpty)
    }
}
