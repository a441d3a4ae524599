import Testing

@testable import Providers

struct ReasoningFilterTests {
    /// The answer, in every way to cut the text in two, and byte by byte.
    private func answers(to text: String, startsInReasoning: Bool = false) -> Set<String> {
        let scalars = Array(text.unicodeScalars)
        let cuts =
            (0...scalars.count).map { [scalars[..<$0], scalars[$0...]] } + [scalars.indices.map { scalars[$0...$0] }]
        return Set(
            cuts.map { pieces in
                var filter = ReasoningFilter(startsInReasoning: startsInReasoning)
                var said = ""
                func take(_ text: String) { said = filter.hasFoundLateEnd ? text : said + text }
                for piece in pieces { take(filter.pass(String(String.UnicodeScalarView(piece)))) }
                take(filter.finish(isComplete: true))
                return said
            })
    }

    @Test(arguments: [
        ("<think>plan: look at [3] first</think>\n\nThe answer [1].", "The answer [1]."),
        ("\n <think>\nplan\n</think>\nThe answer", "The answer"), ("<think></think>Answer", "Answer"),
        ("<Think>plan</THINK> Answer", "Answer"), ("<thinking>a < b</thinking>Answer", "Answer"),
        ("<reasoning>é</reasoning>\n\nÉté", "Été"),
        ("<seed:think>a</seed:think>Answer", "Answer"), ("[THINK]plan[/THINK]Answer", "Answer"),
        ("◁think▷plan◁/think▷Answer", "Answer"), ("<think>a</think><think>b</think>\nAnswer", "Answer"),
        ("<|channel|>analysis<|message|>plan<|end|><|start|>assistant<|channel|>final<|message|>Answer", "Answer"),
        ("<think>a</thin</think>Answer <think> stays</think>", "Answer <think> stays</think>"),
        // Only reasoning.
        ("<think>all of it", ""), ("<think>plan</think>\n\n", ""), ("<think>plan</think", ""),
        // Text that only resembles it.
        ("Answer", "Answer"), ("<thin lines", "<thin lines"), ("<", "<"), ("  Answer", "  Answer"), ("", ""),
        ("[Think] twice", "[Think] twice"), ("<b>bold</b>", "<b>bold</b>"), ("[1] says", "[1] says"),
        ("The tag <think> opens\n</think>\nand this closes it", "The tag <think> opens\n</think>\nand this closes it"),
        ("It ends with </think> and so on", "It ends with </think> and so on"), ("a\n</think>x", "a\n</think>x"),
        ("a\n</thin", "a\n</thin"), ("a\n</\n</b>", "a\n</\n</b>"),
    ])
    func reasoningIsNoPartOfTheAnswer(_ text: String, _ answer: String) { #expect(answers(to: text) == [answer]) }

    /// Some models are prompted with the opening tag.
    @Test(arguments: [
        ("plan\nmore\n</think>\n\nAnswer", "Answer"), ("</think>\nAnswer", "Answer"),
        ("plan, so 3 kg.</think>\n\nAnswer", "Answer"), ("a < b\nso 3.</think> \n\r\n\n Answer", "Answer"),
        ("```\na\n```\n<</think>\n\nAnswer", "Answer"),
        ("plan\n</think> \r\nAnswer\n</think>\nstays", "Answer\n</think>\nstays"),
    ])
    func aClosingTagOnItsOwnLineEndsReasoning(_ text: String, _ answer: String) {
        #expect(answers(to: text) == [answer])
    }

    /// It is quoted, or nothing comes after it.
    @Test(arguments: [
        "The template closes its reasoning so:\n\n```\n</think>\n```\n\nThen the answer follows [1].",
        "So:\n  ~~~xml\n</think>\n\n~~~\nThen", "It ends with `</think>`\n\nThen", "First part [1].\n\n</think>\n",
        "plan\n</think>", "so </think>\nThen", "so </think>\nThen <b>\n\n", "a </think", "a </think>\n \n",
    ])
    func aClosingTagMayBePartOfTheAnswer(_ text: String) { #expect(answers(to: text) == [text]) }

    @Test(arguments: [
        ("plan</think>Answer", "Answer"), ("plan\n</think>\n\nAnswer </think>", "Answer </think>"),
        ("<think>plan</think>Answer", "Answer"), ("No reasoning this time.", "No reasoning this time."),
        ("</think>", ""), ("so < so </thin so\n </THINK>Answer", "Answer"),
    ])
    func aModelMayBeKnownToStartInReasoning(_ text: String, _ answer: String) {
        #expect(answers(to: text, startsInReasoning: true) == [answer])
    }

    @Test func whatWasCutOffWithinReasoningIsNoAnswer() {
        var filter = ReasoningFilter(startsInReasoning: true)
        #expect(filter.pass("plan") == "" && filter.finish(isComplete: false) == "")
        var other = ReasoningFilter(mayStartInReasoning: true)
        #expect(other.pass("The answer") == "" && other.finish(isComplete: false) == "The answer")
    }
}
