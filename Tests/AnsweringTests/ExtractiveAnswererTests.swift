import Models
import Testing

@testable import Answering

struct ExtractiveAnswererTests {
    private func passage(
        _ number: Int, _ content: String, heading: String? = nil,
        wordScore: Double = EvidencePassage.usualWordScore
    ) -> EvidencePassage {
        EvidencePassage(
            number: number, documentName: "handbook.txt", heading: heading, content: content,
            score: 1 / Double(number), wordScore: wordScore)
    }

    private func ask(
        _ question: String, _ passages: EvidencePassage..., mode: WorkspaceSettings.ChatMode = .query
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
                    content: "Ann Smith approves travel expenses above 50 euros. [2]", cited: [2]))
    }

    @Test func aNameWithDigitsSetsTheTopic() {
        let answer = ask(
            "What are the exit codes of bzip2?",
            passage(1, "The exit codes of tar are few. Exit code 2 says that tar met a fatal error."),
            passage(2, "Exit codes of bzip2: 0 for a normal exit, 2 for a corrupt file."))
        #expect(answer.cited.first == 2)
        let other = passage(1, "The exit codes of tar are few. Exit code 2 says that tar met a fatal error.")
        #expect(ask("What are the exit codes of bzip2?", other).cited.isEmpty)
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
        #expect(ask("Wer leitet die Abteilung für Raumfahrt?", passage(1, content)).cited.isEmpty)
    }

    @Test(arguments: ["-", "1.", "•", "▪", "–", "1.1", "2.3.", "(a)", "iv."])
    func aListBelongsToItsAnnouncement(mark: String) {
        let content = "Every new employee receives:\n\n\(mark) a laptop\n\(mark) an access badge\n\nWe meet on Mondays."
        let answer = ask("What does every new employee receive?", passage(1, content)).content
        #expect(answer.contains("\(mark) a laptop") && answer.contains("\(mark) an access badge"))
    }

    @Test(arguments: [
        ("员工有多少天年假？", "食堂中午开门。每位员工每年享有二十天带薪年假。年假不得转让。", "每位员工每年享有二十天带薪年假。 [1]"),
        ("谁批准差旅费用？", "食堂中午开门。王经理批准超过五百元的差旅费用。", "王经理批准超过五百元的差旅费用。 [1]"),
        ("请问合同什么时候终止？", "本合同有效期为两年。双方书面同意后，合同于三十天内终止。", "双方书面同意后，合同于三十天内终止。 [1]"),
        ("有給休暇は何日ありますか？", "食堂は正午に開きます。社員には年に二十日の有給休暇があります。", "社員には年に二十日の有給休暇があります。 [1]"),
        ("パスワードはどのように変更しますか？", "設定画面を開きます。パスワードは設定画面で変更できます。", "パスワードは設定画面で変更できます。 [1]"),
        ("年休は何日もらえますか？", "食堂は正午に開きます。社員の年休は二十日です。", "社員の年休は二十日です。 [1]"),
        ("りんごの値段はいくらですか？", "バナナは百円です。りんごの値段は二百円です。", "りんごの値段は二百円です。 [1]"),
        ("茶的价格是多少？", "咖啡的价格是十元。茶的价格是五元。", "茶的价格是五元。 [1]"),
        (
            "Who is the owner of the 北京 office?", "Lunch is free. Ann Li is the owner of the 北京 office.",
            "Ann Li is the owner of the 北京 office. [1]"
        ),
        (
            "ค่าจอดรถเดือนละเท่าไร", "สำนักงานเปิดเวลาเก้าโมงเช้า\nค่าจอดรถเดือนละห้าร้อยบาท", "ค่าจอดรถเดือนละห้าร้อยบาท [1]"
        ),
        ("연차 휴가는 며칠입니까?", "식당은 정오에 엽니다. 직원은 매년 20일의 연차 휴가를 받습니다.", "직원은 매년 20일의 연차 휴가를 받습니다. [1]"),
    ])
    func answersInScriptsWithoutSpaces(question: String, content: String, answer: String) {
        #expect(ask(question, passage(1, content)).content == answer)
    }

    @Test(arguments: [
        ("法国的首都是什么？", "每位员工每年享有二十天带薪年假。首都机场在北京。"),
        ("谁发明了电话？", "每位员工每年享有二十天带薪年假。请用电话联系王经理。"),
        ("フランスの首都はどこですか？", "社員には年に二十日の有給休暇があります。首都は東京です。"),
        ("프랑스의 수도는 어디입니까?", "직원은 매년 20일의 연차 휴가를 받습니다. 수도 요금은 회사가 냅니다."),
        ("什么？", "每位员工每年享有二十天带薪年假。"),
        ("เมืองหลวงของฝรั่งเศสคือเมืองอะไร", "สำนักงานเปิดเวลาเก้าโมงเช้า\nค่าจอดรถเดือนละห้าร้อยบาท"),
        ("ใครเป็นเจ้าของบริษัท", "สำนักงานเปิดเวลาเก้าโมงเช้า\nค่าจอดรถเดือนละห้าร้อยบาท"),
        ("インターネットの発明者は誰ですか？", "食堂は正午に開きます。インターネットは会議室で使えます。"),
        ("谁发明了电话机？", "食堂中午开门。电话机在前台旁边。"),
        ("谁发明互联网络系统？", "食堂中午开门。互联网络系统在机房。"),
        ("人民银行的行长是谁？", "食堂中午开门。人民银行在北京。"),
        ("张三丰的生日是什么时候？", "食堂中午开门。张三丰批准差旅费用。"),
        ("茶的价格是多少？", "食堂中午开门。咖啡的价格是十元。"),
        ("猫の年齢は？", "食堂は正午に開きます。犬の年齢は五歳です。"),
        ("りんごの値段はいくらですか？", "食堂は正午に開きます。バナナの値段は百円です。"),
        ("みかんの産地はどこですか？", "食堂は正午に開きます。りんごの産地は青森です。"),
        ("Who invented the 電話機 in Boston?", "The canteen opens at noon. The 電話機 in Boston is out of order."),
        ("Wer hat den Bericht über 北京 geschrieben?", "Die Kantine ist offen. Der Bericht über 北京 liegt auf dem Tisch."),
        ("What is the refund policy for 年假 requests?", "Refund requests for shoes. Send shoes back in a box."),
    ])
    func refusesInScriptsWithoutSpacesToo(question: String, content: String) {
        #expect(ask(question, passage(1, content)).cited.isEmpty)
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
        #expect(answer.cited.isEmpty)
        #expect(answer.content == ExtractiveAnswerer.notFound)
        #expect(ask(question).cited.isEmpty)
    }

    private let handbook = """
        Backups of the production database are taken every night at 02:00 UTC and kept for 35 days.
        Restores are rehearsed on the first Monday of each quarter by the platform team.
        The on-call engineer must acknowledge a page within 10 minutes. If nobody answers, the page goes to the manager.
        Releases appearing each October have a support life of 8 months. Bugs are fixed from time to time.
        """

    @Test(arguments: [
        ("How long do we keep the backups?", "kept for 35 days"),
        ("How long do you keep the database backups?", "kept for 35 days"),
        ("How quickly must the on-call engineer acknowledge a page?", "within 10 minutes"),
        ("How soon must a page be acknowledged?", "within 10 minutes"),
        ("Within what time must a page be acknowledged?", "within 10 minutes"),
        ("What does support life mean?", "8 months"),
    ])
    func understandsOrdinaryParaphrases(question: String, words: String) {
        let answer = ask(question, passage(1, handbook))
        #expect(answer.content.contains(words), "\(question)\n\(answer.content)")
    }

    @Test(arguments: [
        "What is the meaning of life?", "What is life?", "What time is it?", "How long?", "How many times?",
        "How long do we keep the invoices?", "How quickly must the chef cook lunch?",
    ])
    func refusesWhatOnlySharesATrivialWord(question: String) {
        let answer = ask(question, passage(1, handbook))
        #expect(answer.cited.isEmpty, "\(question)\n\(answer.content)")
    }

    @Test func anActionMayBeSaidInAnotherWord() {
        let text = "Whoever institutes patent litigation loses the patent license at once."
        let known = passage(1, text, wordScore: 0.4)
        #expect(!ask("What happens to my patent license if I start patent litigation?", known).cited.isEmpty)
        for question in ["How do I renew my patent license?", "Can I pawn patent license litigation?"] {
            #expect(ask(question, passage(1, text)).cited.isEmpty, "\(question)")
        }
    }

    @Test func headingsAreNoAnswer() {
        let contents = """
            2.6. RECOVERING DATA FROM DAMAGED FILES
            2.7 Recovering damaged files
            Recovering damaged files .......... 12
            DAMAGED FILES
            Recover
            """
        #expect(ask("How do I recover damaged files?", passage(1, contents)).cited.isEmpty)
        let answer = ask(
            "What does the licence say about patents?",
            passage(
                1, "3. Grant of Patent License. Each contributor grants you a patent license to use the work.",
                heading: "3. Grant of Patent License"))
        #expect(answer.content == "Each contributor grants you a patent license to use the work. [1]")
        let shouted = passage(1, "THERE IS NO WARRANTY FOR THE PROGRAM.")
        #expect(!ask("Is there a warranty for the program?", shouted).cited.isEmpty)
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
