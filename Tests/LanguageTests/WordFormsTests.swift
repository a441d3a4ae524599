import Language
import Testing

struct WordFormsTests {
    @Test(arguments: [
        ("kept", "keeping"), ("bought", "buys"), ("written", "writes"), ("licence", "licensed"),
        ("organisation", "organizations"), ("colours", "color"), ("analysing", "analyze"),
    ])
    func formsHaveOneStem(first: String, second: String) {
        let stems = [first, second].map { Stemmers.stem(WordForms.base(of: $0), in: .english) }
        #expect(stems[0] == stems[1])
    }

    @Test func otherWordsStay() {
        for word in ["backup", "raise", "rise", "left", "found", ""] { #expect(WordForms.base(of: word) == word) }
    }

    @Test func wordsHaveOtherForms() {
        #expect(WordForms.alternatives(to: "keep") == ["kept"])
        #expect(WordForms.alternatives(to: "child") == ["children"])
        #expect(WordForms.alternatives(to: "analysis").contains("analyses"))
        #expect(WordForms.alternatives(to: "indices") == ["index"])
        #expect(WordForms.alternatives(to: "licence") == ["license"])
        #expect(WordForms.alternatives(to: "organizations") == ["organisations"])
    }
}
