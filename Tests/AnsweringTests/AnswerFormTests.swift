import Language
import Testing

@testable import Answering

/// What can be an answer: not a title; a definition in quotes of any kind; the newer version of a document.
struct AnswerFormTests {
    private func passage(
        _ number: Int, _ content: String, name: String = "folder.docx", heading: String? = nil,
        version: EvidencePassage.Version? = nil
    ) -> EvidencePassage {
        EvidencePassage(
            number: number, documentName: name, heading: heading, content: content,
            score: version == nil ? 1 / Double(number) : 1, wordScore: EvidencePassage.usualWordScore,
            version: version)
    }

    private func ask(_ question: String, _ passages: EvidencePassage...) -> String {
        ExtractiveAnswerer.answer(question, from: passages, mode: .query).content
    }

    @Test(arguments: [
        ("“", "”"), ("\"", "\""), ("„", "“"), ("«", "»"), ("‘", "’"), ("»", "«"), ("「", "」"),
    ])
    func quotesMarkDefinitions(open: String, close: String) {
        let text =
            "The Lead Time is 21 days. \(open)Lead Time\(close) means the time between order and dispatch."
        let answer = ask("What does Lead Time mean?", passage(1, text))
        #expect(answer == "\(open)Lead Time\(close) means the time between order and dispatch. [1]")
    }

    @Test func theDefinitionBehindAnAppendixIsASentence() {
        let text =
            "“Products” means the parts listed in Annex A. “Lead Time” means the time between order and dispatch."
        #expect(
            ask("What does “Lead Time” mean?", passage(1, text))
                == "“Lead Time” means the time between order and dispatch. [1]")
    }

    @Test func bracketsIntroduceParties() {
        let text =
            "between Quay Estates Ltd (the “Landlord”) and Ms Ida Brun (the “Tenant”).\n"
            + "The Landlord lets the flat at Mill Road 4 to the Tenant."
        let answer = ask("Who is the landlord of Mill Road 4?", passage(1, text, name: "Lease Mill Road 4.docx"))
        #expect(answer.hasPrefix("between Quay Estates Ltd (the “Landlord”)"))
    }

    @Test(arguments: [
        ("What is the notice period?", "Notice Period\nOrders are final."),
        ("What is the travel policy of Norvik?", "Travel Policy of Norvik 2024\nEverybody travels by train."),
        ("Was ist die Reiserichtlinie?", "Reiserichtlinie\nAlle fahren mit der Bahn."),
        ("When is the trip to Oslo?", "Trip to Oslo"),
        ("What is the warranty of the products?", "3 Warranty of the Products\nSee the annex."),
    ])
    func titlesAreNoAnswers(question: String, content: String) {
        #expect(ask(question, passage(1, content)) == ExtractiveAnswerer.notFound)
    }

    @Test(arguments: [
        ("What is on page 3?", "Page 3 of 12"), ("Was steht auf Seite 3?", "Seite 3/12"),
        ("What is the warning?", "[!WARNING]"), ("Who is Holl?", "© 2024 Holl"),
    ])
    func footersAndMarkersAreNoAnswers(question: String, content: String) {
        #expect(ask(question, passage(1, content)) == ExtractiveAnswerer.notFound)
    }

    @Test(arguments: [
        ("What is the door code?", "Door code 4711\nThe canteen opens at noon."),
        ("When does the office close?", "The office closes at five\nThe canteen opens at noon."),
        ("What is the phone number of the porter?", "Porter phone number 555 0123"),
    ])
    func notesWithoutAFullStopAreAnswers(question: String, content: String) {
        #expect(ask(question, passage(1, content)).hasSuffix(" [1]"))
    }

    @Test func rowsThatFitEquallyAnswerTogether() {
        let rows = "Years of service: 0 to 4; Days of leave: 27\nYears of service: 5 to 9; Days of leave: 29"
        #expect(
            ask("How many days of leave are there by years of service?", passage(1, rows))
                == "Years of service: 0 to 4; Days of leave: 27 [1]\nYears of service: 5 to 9; Days of leave: 29 [1]")
    }

    @Test func numbersInWordsAndInDigitsAreTheSame() {
        let text = "Parcels of 7 kg are sent on Monday. Parcels of nine kg are sent on Friday."
        #expect(
            ask("When are parcels of seven kg sent?", passage(1, text)) == "Parcels of 7 kg are sent on Monday. [1]")
        #expect(ask("When are parcels of 9 kg sent?", passage(1, text)) == "Parcels of nine kg are sent on Friday. [1]")
        #expect(ask("When are parcels of eight kg sent?", passage(1, text)) == ExtractiveAnswerer.notFound)
    }

    private let old = EvidencePassage.Version(
        date: "2024-01-02T03:04:05.678Z", newestDate: "2024-05-06T07:08:09.000Z")
    private let new = EvidencePassage.Version(
        date: "2024-05-06T07:08:09.000Z", newestDate: "2024-05-06T07:08:09.000Z")

    @Test func theNewerVersionWins() {
        let answer = ask(
            "Within how many days may customers return goods?",
            passage(1, "Customers may return goods within 30 days of delivery.", version: old),
            passage(2, "Customers may return goods within 45 days of delivery.", version: new))
        #expect(answer == "Customers may return goods within 45 days of delivery. [2]")
    }

    @Test func anAnswerFromAnOlderVersionSaysSo() {
        let answer = ask(
            "Who pays for the return of goods?",
            passage(1, "Norvik pays for the return of goods.", name: "policy.md", version: old),
            passage(2, "Customers may return goods within 45 days.", name: "policy.md", version: new))
        let note = "[1] policy.md, 2024-01-02 03:04 UTC (older version; newest: 2024-05-06 07:08 UTC)"
        #expect(answer == "Norvik pays for the return of goods. [1]\n\n" + note)
    }

    @Test(arguments: [
        ("01.000", "07:08:01 UTC", "07:08:09 UTC"), ("09.120", "07:08:09.120 UTC", "07:08:09.500 UTC"),
    ])
    func versionsOfTheSameMinuteAreToldApart(second: String, older: String, newest: String) {
        let version = EvidencePassage.Version(
            date: "2024-05-06T07:08:\(second)Z", newestDate: "2024-05-06T07:08:09.500Z")
        let answer = ask("Who pays for the return?", passage(1, "Norvik pays for the return.", version: version))
        let note = "2024-05-06 \(older) (older version; newest: 2024-05-06 \(newest))"
        #expect(answer == "Norvik pays for the return. [1]\n\n[1] folder.docx, \(note)")
    }

    @Test func theOlderVersionIsSilentWhereTheNewerAnswers() {
        let answer = ask(
            "When does the pool open?",
            passage(1, "The pool opens at 8 a.m.", heading: "Opening hours of the pool", version: old),
            passage(2, "The pool opens at 9 a.m. from May on.", heading: "Times", version: new))
        #expect(answer == "The pool opens at 9 a.m. from May on. [2]")
    }

    @Test(arguments: [
        (
            "Wie melde ich mich an?", "Wie melde ich mich an?\nDie Anmeldung erfolgt online.",
            "Die Anmeldung erfolgt online."
        ),
        (
            "How do I reset my password?",
            "Q: How do I reset my password?\nA: Click the link on the login page.\nQ: Where are you?\nA: In Leeds.",
            "A: Click the link on the login page."
        ),
        (
            "How do I reset my password?",
            "**How do I reset my password?**\nClick the link.\n**How long is a password?**\nTwelve characters.",
            "Click the link."
        ),
        (
            "Can I pay by card?", "1. Can I bring my bike?\nYes.\n2. Can I pay by card?\nYes.\n3. Do you deliver?\nNo.",
            "Yes."
        ),
        (
            "Wann ist das Büro offen?", "Frage: Wann ist das Büro offen? Antwort: Von acht bis zwölf.",
            "Antwort: Von acht bis zwölf."
        ),
        ("停车场在哪里？", "停车场在哪里？\n在学校后面。", "在学校后面。"),
    ])
    func aQuestionOfTheTextIsAnsweredByTheLineBelow(question: String, content: String, answer: String) {
        #expect(ask(question, passage(1, content)) == answer + " [1]")
    }

    @Test func aQuestionIsNoAnswer() {
        #expect(ask("Where do I park?", passage(1, "Where do I park my car?")) == ExtractiveAnswerer.notFound)
    }

    @Test func aSpellingMatchesLikeNoWord() {
        let text = "E-mails are archived. Emails are kept ten years."
        #expect(ask("How long is an email kept?", passage(1, text)) == "Emails are kept ten years. [1]")
    }

    @Test func aWordHasTheRootOfItsDocument() {
        let (german, english) = ("Die Maps liegen im Schrank.", "The maps are kept in the office.")
        for texts in [[(german, TextLanguage.german), (english, .english)], [(english, .english), (german, .german)]] {
            let passages = texts.enumerated().map { offset, text in
                EvidencePassage(
                    number: offset + 1, documentName: "n\(offset).txt", heading: nil, content: text.0, score: 1,
                    wordScore: 0.5, language: text.1)
            }
            let answer = ExtractiveAnswerer.answer("Where is the map kept?", from: passages, mode: .query)
            #expect(answer.content.hasPrefix(english))
        }
    }

    @Test func wordsInOtherFormsMatch() {
        let text = "Срок хранения договоров составляет тридцать дней. Столовая открыта."
        #expect(
            ask("Какой срок хранения договора?", passage(1, text))
                == "Срок хранения договоров составляет тридцать дней. [1]")
        #expect(ask("Кто подписал договор аренды?", passage(1, text)) == ExtractiveAnswerer.notFound)
    }

    @Test func wordsWithVowelSignsMatchAsAWhole() {
        let text = "कार्यालय सुबह नौ बजे खुलता है। कर्मचारियों को साल में तीस दिन की छुट्टी मिलती है।"
        #expect(
            ask("कर्मचारियों को कितने दिन की छुट्टी मिलती है?", passage(1, text))
                == "कर्मचारियों को साल में तीस दिन की छुट्टी मिलती है। [1]")
        for question in ["फ्रांस की राजधानी क्या है?", "कंपनी का मालिक कौन है?", "बैठक कब होती है?"] {
            #expect(ask(question, passage(1, text)) == ExtractiveAnswerer.notFound, "\(question)")
        }
    }
}
