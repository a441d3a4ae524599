import Testing

@testable import Answering

/// Questions in languages without a grammar: Portuguese, Dutch, Turkish, Greek, Arabic, Vietnamese, Czech, Romanian and
/// Russian.
struct OtherLanguageTests {
    private func answer(_ question: String, _ content: String) -> String {
        let passage = EvidencePassage(
            number: 1, documentName: "n.txt", heading: nil, content: content, score: 1,
            wordScore: EvidencePassage.usualWordScore)
        return ExtractiveAnswerer.answer(question, from: [passage], mode: .query).content
    }

    @Test(arguments: [
        (
            "Quem aprova as despesas de viagem?",
            "O refeitório abre ao meio-dia. O diretor aprova as despesas de viagem.",
            "O diretor aprova as despesas de viagem. [1]"
        ),
        (
            "Wie keurt de reiskosten goed?",
            "De kantine gaat om twaalf uur open. De directeur keurt reiskosten goed.",
            "De directeur keurt reiskosten goed. [1]"
        ),
        (
            "Wanneer gaat de kantine open?",
            "De kantine gaat om twaalf uur open. De directeur keurt reiskosten goed.",
            "De kantine gaat om twaalf uur open. [1]"
        ),
        (
            "Seyahat giderlerini kim onaylar?",
            "Kantin öğlen açılır. Seyahat giderlerini müdür onaylar.",
            "Seyahat giderlerini müdür onaylar. [1]"
        ),
        (
            "Kantin ne zaman açılır?",
            "Kantin öğlen açılır. Seyahat giderlerini müdür onaylar.",
            "Kantin öğlen açılır. [1]"
        ),
        (
            "Ποιος εγκρίνει τα έξοδα ταξιδιού;",
            "Η καντίνα ανοίγει το μεσημέρι. Ο διευθυντής εγκρίνει τα έξοδα ταξιδιού.",
            "Ο διευθυντής εγκρίνει τα έξοδα ταξιδιού. [1]"
        ),
        (
            "Πότε ανοίγει η καντίνα;",
            "Η καντίνα ανοίγει το μεσημέρι. Ο διευθυντής εγκρίνει τα έξοδα ταξιδιού.",
            "Η καντίνα ανοίγει το μεσημέρι. [1]"
        ),
        (
            "من يوافق على نفقات السفر؟",
            "يفتح المطعم في الظهر. يوافق المدير على نفقات السفر.",
            "يوافق المدير على نفقات السفر. [1]"
        ),
        (
            "متى يفتح المطعم؟",
            "يفتح المطعم في الظهر. يوافق المدير على نفقات السفر.",
            "يفتح المطعم في الظهر. [1]"
        ),
        (
            "Ai phê duyệt chi phí đi lại?",
            "Nhà ăn mở cửa lúc mười hai giờ. Giám đốc phê duyệt chi phí đi lại.",
            "Giám đốc phê duyệt chi phí đi lại. [1]"
        ),
        (
            "Nhà ăn mở cửa khi nào?",
            "Nhà ăn mở cửa lúc mười hai giờ. Giám đốc phê duyệt chi phí đi lại.",
            "Nhà ăn mở cửa lúc mười hai giờ. [1]"
        ),
        (
            "Kdo schvaluje cestovní výdaje?",
            "Jídelna otevírá v poledne. Cestovní výdaje schvaluje ředitel.",
            "Cestovní výdaje schvaluje ředitel. [1]"
        ),
        (
            "Kdy otevírá jídelna?",
            "Jídelna otevírá v poledne. Cestovní výdaje schvaluje ředitel.",
            "Jídelna otevírá v poledne. [1]"
        ),
        (
            "Cine aprobă cheltuielile de călătorie?",
            "Cantina se deschide la prânz. Directorul aprobă cheltuielile de călătorie.",
            "Directorul aprobă cheltuielile de călătorie. [1]"
        ),
        (
            "Când se deschide cantina?",
            "Cantina se deschide la prânz. Directorul aprobă cheltuielile de călătorie.",
            "Cantina se deschide la prânz. [1]"
        ),
        (
            "Кто утверждает командировочные расходы?",
            "Столовая открывается в полдень. Командировочные расходы утверждает директор.",
            "Командировочные расходы утверждает директор. [1]"
        ),
        (
            "Когда открывается столовая?",
            "Столовая открывается в полдень. Командировочные расходы утверждает директор.",
            "Столовая открывается в полдень. [1]"
        ),
    ])
    func answers(question: String, content: String, answer: String) {
        #expect(self.answer(question, content) == answer)
    }

    @Test(arguments: [
        (
            "Quem comprou o refeitório?",
            "O refeitório abre ao meio-dia. O diretor aprova as despesas de viagem."
        ),
        (
            "Qual é a capital da França?",
            "O refeitório abre ao meio-dia. O diretor aprova as despesas de viagem."
        ),
        (
            "Wat is de hoofdstad van Frankrijk?",
            "De kantine gaat om twaalf uur open. De directeur keurt reiskosten goed."
        ),
        (
            "Fransa'nın başkenti neresidir?",
            "Kantin öğlen açılır. Seyahat giderlerini müdür onaylar."
        ),
        (
            "Ποια είναι η πρωτεύουσα της Γαλλίας;",
            "Η καντίνα ανοίγει το μεσημέρι. Ο διευθυντής εγκρίνει τα έξοδα ταξιδιού."
        ),
        (
            "ما هي عاصمة فرنسا؟",
            "يفتح المطعم في الظهر. يوافق المدير على نفقات السفر."
        ),
        (
            "Thủ đô của Pháp là gì?",
            "Nhà ăn mở cửa lúc mười hai giờ. Giám đốc phê duyệt chi phí đi lại."
        ),
        (
            "Jaké je hlavní město Francie?",
            "Jídelna otevírá v poledne. Cestovní výdaje schvaluje ředitel."
        ),
        (
            "Care este capitala Franței?",
            "Cantina se deschide la prânz. Directorul aprobă cheltuielile de călătorie."
        ),
        (
            "Какая столица Франции?",
            "Столовая открывается в полдень. Командировочные расходы утверждает директор."
        ),
        (
            "Сколько стоит обед в столовой?",
            "Столовая открывается в полдень. Командировочные расходы утверждает директор."
        ),
    ])
    func refuses(question: String, content: String) {
        #expect(answer(question, content) == ExtractiveAnswerer.notFound)
    }
}
