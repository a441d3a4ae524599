import Language
import Testing

@testable import Answering

/// What a question asks for, and in which language.
struct QuestionTests {
    @Test(arguments: [
        ("Who approves travel expenses?", TextLanguage.english, QuestionKind.person),
        ("In what year was the bridge built?", .english, .time),
        ("Wie viele Tage Urlaub habe ich?", .german, .number),
        ("Où se trouve la clé ?", .french, .place),
        ("¿Por qué falló la copia?", .spanish, .reason),
        ("Quando apre la mensa?", .italian, .time),
        ("Quem aprova as despesas?", .portuguese, .person),
        ("Hoeveel dagen verlof heb ik?", .dutch, .number),
        ("Hur många semesterdagar har jag?", .swedish, .number),
        ("Hvornår åbner kantinen?", .danish, .time),
        ("Hva koster kaffen?", .norwegian, .number),
        ("Câte zile de concediu am?", .romanian, .number),
        ("Kto zatwierdza wydatki?", .polish, .person),
        ("Kde je sklad?", .czech, .place),
        ("Kantin ne zaman açılır?", .turkish, .time),
        ("Ai phê duyệt chi phí đi lại?", .vietnamese, .person),
        ("Сколько дней отпуска у сотрудника?", .russian, .number),
        ("Хто затверджує витрати?", .ukrainian, .person),
        ("Πότε ανοίγει η καντίνα;", .greek, .time),
        ("متى يفتح المطعم؟", .arabic, .time),
        ("כמה ימי חופשה יש לי?", .hebrew, .number),
        ("कैंटीन कब खुलती है?", .hindi, .time),
        ("谁批准差旅费用？", .chinese, .person),
        ("会議室はどこですか？", .japanese, .place),
        ("휴가는 며칠입니까?", .korean, .number),
        ("ค่าจอดรถเดือนละเท่าไร", .thai, .number),
    ])
    func languageAndKind(text: String, language: TextLanguage, kind: QuestionKind) {
        let question = Question(text)
        #expect(question.language == language)
        #expect(question.kind == kind)
    }

    @Test func theLanguageOfTheDocumentsIsLikelier() {
        #expect(Question("Norvik quota?", among: [.norwegian, .english]).language == .norwegian)
        #expect(Question("Who signed the lease?", among: [.norwegian]).language == .english)
        #expect(Question("Кто подписал договор?", among: [.german]).language == .russian)
    }

    @Test func wordsThatAskAreNoTopic() {
        func topic(_ text: String) -> [String] { Question(text).terms.filter { !$0.isWeak }.map(\.text) }
        #expect(topic("Who approves the travel expenses?") == ["approves", "travel", "expenses"])
        #expect(topic("Why doesn't the scanner start?") == ["scanner", "start"])
        #expect(topic("Why can't the int overflow?") == ["int", "overflow"])
        #expect(topic("किसने किताब लिखी?") == ["किताब", "लिखी"])
        #expect(topic("Кто утверждает расходы?") == ["утверждает", "расходы"])
        #expect(topic("什么时候开会？").joined() == "开会")
    }
}
