import Language
import Testing

@testable import Answering

/// Questions to the licence texts, and the document and section that an answer must cite.
struct LicenceQuestionTests {
    static let answered: [(question: String, document: String, heading: String, words: String)] = [
        (
            "What must I do when I convey modified source versions?", "GPL-3",
            "5. Conveying Modified", "you also meet all of these conditions:"
        ),
        (
            "What is a covered work?", "GPL-3", "0. Definitions",
            "unmodified Program or a work based"
        ),
        ("What does \"propagate\" mean?", "GPL-3", "0. Definitions", "directly or secondarily"),
        (
            "What is the Corresponding Source?", "GPL-3", "1. Source Code",
            "all the source code needed"
        ),
        (
            "How long must a written offer be valid?", "GPL-3", "6. Conveying Non-Source",
            "at least three years"
        ),
        ("How many days do I have to cure a violation?", "GPL-3", "8. Termination", "30 days"),
        ("What happens if I violate the GPL?", "GPL-3", "8. Termination", "cease all violation"),
        ("What is a User Product?", "GPL-3", "6. Conveying Non-Source", "\"consumer product\""),
        (
            "What is installation information?", "GPL-3", "6. Conveying Non-Source",
            "methods, procedures, authorization keys"
        ),
        ("What is an aggregate?", "GPL-3", "5. Conveying Modified", "is called an \"aggregate\""),
        (
            "Can I combine the program with code under the GNU Affero General Public License?",
            "GPL-3", "13. Use with the GNU Affero", "permission to link or combine"
        ),
        (
            "Do I have to accept the license to receive a copy?", "GPL-3", "9. Acceptance Not",
            "not required to accept"
        ),
        ("Is there any warranty?", "GPL-3", "15. Disclaimer", "THERE IS NO WARRANTY"),
        (
            "Can the Free Software Foundation publish new versions?", "GPL-3", "14. Revised Versions",
            "may publish revised"
        ),
        ("What additional terms may be added?", "GPL-3", "7. Additional Terms", "added by you"),
        (
            "What does the Apache License say about trademarks?", "Apache-2.0", "6. Trademarks",
            "does not grant permission to use the trade names"
        ),
        (
            "When does a patent license terminate?", "Apache-2.0", "3. Grant of Patent",
            "institute patent litigation"
        ),
        (
            "What conditions apply to redistribution of derivative works?", "Apache-2.0",
            "4. Redistribution", "You meet the following conditions:"
        ),
        (
            "What is a Contribution under the Apache license?", "Apache-2.0", "1. Definitions",
            "any work of authorship"
        ),
        ("What is a Larger Work?", "MPL-2.0", "1. Definitions", "combines Covered Software"),
        (
            "Where will litigation take place?", "MPL-2.0", "8. Litigation",
            "courts of a jurisdiction"
        ),
        (
            "Who may publish new versions of the Mozilla Public License?", "MPL-2.0",
            "10.1. New Versions", "license steward"
        ),
        ("What are moral rights?", "CC0-1.0", "1. Copyright and Related", "moral rights retained"),
        ("What is a reasonable copying fee?", "Artistic", "Preamble", "duplication charges"),
        ("Who is the copyright holder?", "Artistic", "Preamble", "whoever is named"),
    ]

    static let unanswerable = [
        "What is the capital of France?", "Who won the world cup in 2018?", "How do I bake bread?",
        "What is the salary of the chief executive?", "what is the weather tomorrow",
        "How many employees does the Free Software Foundation have?",
        "What is the best way to learn Python?", "When was the Eiffel Tower built?",
        "Which database stores the invoices?", "How do I reset my password?",
        "What is the population of Germany?", "What is the refund policy?",
        "What is the legal drinking age in Italy?", "How do I install the printer driver?",
        "Does the license cover patents held by Microsoft?",
    ]

    @Test(.enabled(if: LicenceLibrary.installed != nil), arguments: answered.indices)
    func answersFromTheRightSection(index: Int) throws {
        let expected = Self.answered[index]
        let passages = try #require(LicenceLibrary.installed).search(expected.question)
        let answer = ExtractiveAnswerer.answer(expected.question, from: passages, mode: .query)
        #expect(!answer.cited.isEmpty)
        #expect(answer.content.contains(expected.words), "\(expected.question)\n\(answer.content)")
        let first = try #require(answer.cited.first)
        let isCited = answer.cited.contains { number in
            let passage = passages[number - 1]
            return passage.documentName == expected.document
                && (passage.heading ?? "").hasPrefix(expected.heading)
        }
        #expect(isCited, "\(expected.question) cites \(passages[first - 1].heading ?? "nothing")")
    }

    @Test(.enabled(if: LicenceLibrary.installed != nil))
    func answersByMoreThanTheFirstSentence() throws {
        let question = "What does CC0 say about trademark rights?"
        let passages = try #require(LicenceLibrary.installed).search(question)
        let answer = ExtractiveAnswerer.answer(question, from: passages, mode: .query)
        withKnownIssue("Without vectors, the sentence that ranks first decides, and it has fewer words of the question")
        {
            #expect(answer.content.contains("No trademark or patent rights"))
        }
    }

    @Test(.enabled(if: LicenceLibrary.installed != nil), arguments: unanswerable)
    func refusesWhatTheLicencesDoNotTell(question: String) throws {
        let passages = try #require(LicenceLibrary.installed).search(question)
        let answer = ExtractiveAnswerer.answer(question, from: passages, mode: .query)
        #expect(answer.cited.isEmpty, "\(question)\n\(answer.content)")
    }

    @Test(.enabled(if: LicenceLibrary.installed != nil), arguments: answered.indices)
    func saysNothingOfItsOwn(index: Int) throws {
        let question = Self.answered[index].question
        let passages = try #require(LicenceLibrary.installed).search(question)
        let answer = ExtractiveAnswerer.answer(question, from: passages, mode: .query)
        let texts = passages.map { normalised($0.content) }
        var rest = Substring(answer.content)
        while let mark = rest.firstRange(of: /\ \[(\d+)\]/) {
            // Three dots say that the list goes on.
            var said = normalised(String(rest[..<mark.lowerBound]))
            if said.hasSuffix(" …") { said.removeLast(2) }
            let number = try #require(Int(rest[mark].filter(\.isNumber)))
            #expect(texts[number - 1].contains(said), "\(said)")
            rest = rest[mark.upperBound...]
        }
        #expect(["", "…"].contains(normalised(String(rest))))
        #expect(answer.content.utf8.count < 3_000)
    }

    private func normalised(_ text: String) -> String {
        text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
    }
}
