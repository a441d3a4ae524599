import Testing

@testable import Answering

/// A lead-in is answered with all of its list or table.
struct ListAnswerTests {
    private func ask(_ question: String, _ content: String) -> String {
        let passage = EvidencePassage(
            number: 1, documentName: "notes.txt", heading: nil, content: content, score: 1,
            wordScore: EvidencePassage.usualWordScore)
        return ExtractiveAnswerer.answer(question, from: [passage], mode: .query).content
    }

    /// The lines as they are, each with its citation.
    private func cited(_ lines: String) -> String {
        lines.utf8.split(separator: 10).map { "\(Substring($0)) [1]" }.joined(separator: "\n")
    }

    @Test(arguments: [
        ("每位新员工将获得什么？", "每位新员工将获得：\n- 一台笔记本电脑\n- 一张门禁卡"),
        ("登録の手順は何ですか？", "登録の手順：\n１．書類を書く\n２．払う"),
        ("What does every visitor get?", "Every visitor gets the following (per day):\n☐ a badge\n☐ a key"),
        ("What does every visitor get?", "“Every visitor gets:”\n► a badge\n► a key"),
        ("What does every visitor get?", "Every visitor gets:-\n→ a badge\n→ a key"),
        ("What does every visitor get?", "Every visitor gets the following\n- a badge\n- a key"),
        ("What does every visitor get?", "Every visitor gets\n★ a badge\n★ a key"),
        (
            "What are the rates of the campsite?",
            "The rates of the campsite:\nSite: tent; Price: 12\nSite: van; Price: 20"
        ),
        (
            "What are the rates of the campsite?",
            "The rates of the campsite are\nSite: tent; Price: 12\nSite: van; Price: 20"
        ),
        ("What are the rates of the campsite?", "The rates of the campsite:\ntent; 12\nvan; 20"),
    ]) func listsAreComplete(question: String, content: String) {
        #expect(ask(question, content) == cited(content))
    }

    @Test func aRowNeedsNoLeadIn() {
        #expect(
            ask(
                "What is the price of a van?", "The rates of the campsite:\nSite: tent; Price: 12\nSite: van; Price: 20"
            )
                == "Site: van; Price: 20 [1]")
    }

    @Test(arguments: [
        // A title does not become an answer by a list or clauses below it.
        ("What is the notice period?", "Notice Period\n- Orders are final.", ExtractiveAnswerer.notFound),
        ("What about the rules of the lake?", "Rules of the lake\n1.1 Dogs stay at home.", ExtractiveAnswerer.notFound),
        // A sentence that ends does not announce the list behind it.
        ("When does the office open?", "The office opens at nine.\n- a badge", "The office opens at nine. [1]"),
    ]) func otherLinesAnnounceNothing(question: String, content: String, answer: String) {
        #expect(ask(question, content) == answer)
    }

    @Test func aLongListIsNotCut() {
        let items = (1...40).map { "- item \($0) of the first-aid equipment" }.joined(separator: "\n")
        let content = "The first-aid box contains:\n\(items)\nThe box hangs in the hall."
        #expect(
            ask("What does the first-aid box contain?", content) == cited("The first-aid box contains:\n\(items)"))
    }

    @Test func aListThatMayGoOnSaysSo() {
        let items = (1...45).map { "- bandage number \($0) of the whole equipment here" }.joined(separator: "\n")
        let content = "The first-aid box contains:\n\(items)"
        #expect(ask("What does the first-aid box contain?", content) == cited(content) + "\n…")
    }

    @Test func anItemThatIsCutSaysSo() {
        func item(_ parts: Int) -> String {
            "- A plaster. " + (1...parts).map { "Part \($0) is kept dry by all." }.joined(separator: " ")
        }
        #expect(
            ask("What does the first-aid box contain?", "The first-aid box contains:\n\(item(20))\n- A rope.")
                == cited("The first-aid box contains:\n\(item(14)) …\n- A rope."))
    }

    @Test(arguments: [
        ("What must I bring?", "Bring the following things:", "Do not bring these things:"),
        ("What do I have to bring?", "You must bring these things:", "You must not bring these things:"),
        ("Was muss ich mitbringen?", "Diese Dinge mitbringen:", "Diese Dinge bitte nicht mitbringen:"),
        ("Que faut-il apporter ?", "Il faut apporter ces choses :", "Il ne faut pas apporter ces choses :"),
        ("应该携带什么？", "请携带以下物品：", "请不要携带以下物品："),
    ]) func whatIsForbiddenIsNotWanted(question: String, wanted: String, forbidden: String) {
        let lists = ["\(wanted)\n- tent\n- rope", "\(forbidden)\n- glass\n- dogs"]
        #expect(ask(question, lists.joined(separator: "\n")) == cited(lists[0]))
        #expect(ask(question, lists.reversed().joined(separator: "\n")) == cited(lists[0]))
    }

    @Test func aQuestionAboutWhatIsForbiddenGetsIt() {
        let content = "Bring the following things:\n- tent\nDo not bring these things:\n- glass"
        #expect(ask("What must I not bring?", content) == cited("Do not bring these things:\n- glass"))
        #expect(ask("May I bring dogs?", "You must not bring dogs.") == "You must not bring dogs. [1]")
        #expect(
            ask("What happens if I pay late?", "If you do not pay in time, the late fee is 5 EUR.")
                == "If you do not pay in time, the late fee is 5 EUR. [1]")
    }

    private let table = "Country: Norland; 2019: 5.1; 2020: 5.2\nCountry: Sudmark; 2019: 6.1; 2020: 6.2"

    @Test func aCellHasTheValueOfItsRowAndColumn() {
        #expect(
            ask("What was the value of Sudmark in 2020?", table) == "Country: Sudmark; 2019: 6.1; 2020: 6.2 [1]")
        #expect(ask("Quel est la valeur de Sudmark en 2020 ?", table) == "Country: Sudmark; 2019: 6.1; 2020: 6.2 [1]")
        #expect(ask("What was the value of Sudmark in 2021?", table) == ExtractiveAnswerer.notFound)
        #expect(ask("What was the value of Westland in 2020?", table) == ExtractiveAnswerer.notFound)
        #expect(ask("What is the value of the contract?", table) == ExtractiveAnswerer.notFound)
    }
}
