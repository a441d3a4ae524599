import Testing

@testable import Answering

/// Questions in languages other than English that have one word of their language only.
struct ShortQuestionTests {
    private func answer(_ question: String, _ content: String) -> String {
        let passage = EvidencePassage(
            number: 1, documentName: "n.txt", heading: nil, content: content, score: 1,
            wordScore: EvidencePassage.usualWordScore)
        return ExtractiveAnswerer.answer(question, from: [passage], mode: .query).content
    }

    @Test(arguments: [
        ("Was bedeutet „Werktag“?", "„Werktag“ bezeichnet die Tage von Montag bis Freitag."),
        ("Was heißt Werktag?", "„Werktag“ bezeichnet die Tage von Montag bis Freitag."),
        ("Wer wartet die Heizung?", "Die Heizung wartet Frau Adler."),
        ("Wer segnet die Adventkränze?", "Am 1. Adventsonntag segnet Hr. Pfr. Huber die Adventkränze."),
        ("Wer hat die Leitung?", "Die Leitung hat Frau Adler."),
        ("Was macht der Notar?", "Der Notar beurkundet den Vertrag."),
        ("Que signifie « jour ouvré » ?", "« Jour ouvré » signifie du lundi au vendredi."),
        ("Que veut dire jour ouvré ?", "« Jour ouvré » signifie du lundi au vendredi."),
        ("Qui garde clés ?", "Madame Petit garde les clés."),
        ("¿Cuándo cierra Correos?", "Correos cierra a las ocho de la tarde."),
        ("Chi tiene la chiave?", "La chiave tiene il signor Rossi."),
        // Dutch shares its "wie", Portuguese its "quando", English its "was".
        ("Wie heeft de sleutel?", "Jan heeft de sleutel van de deur."),
        ("Quando abre a loja?", "A loja abre às nove horas."),
        ("Was the contract signed?", "The contract was signed on 5 May."),
        ("Was the kind host there?", "The kind host was there at noon."),
    ])
    func oneWordTellsTheLanguage(question: String, sentence: String) {
        #expect(answer(question, sentence) == sentence + " [1]")
        #expect(answer(question, "Der Lift ist neu. Le train est en retard.") == ExtractiveAnswerer.notFound)
    }
}
