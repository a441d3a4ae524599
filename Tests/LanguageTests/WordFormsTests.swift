import Language
import Testing

struct WordFormsTests {
    @Test(arguments: [
        ("kept", "keeping"), ("bought", "buys"), ("written", "writes"), ("licence", "licensed"),
        ("organisation", "organizations"), ("colours", "color"), ("analysing", "analyze"),
    ])
    func formsHaveOneStem(first: String, second: String) {
        let stems = [first, second].map { Stemmer.stem(WordForms.base(of: $0)) }
        #expect(stems[0] == stems[1])
    }

    @Test func otherWordsStay() {
        for word in ["backup", "raise", "rise", "left", "found", ""] { #expect(WordForms.base(of: word) == word) }
    }

    @Test func questionsLookForOtherForms() {
        #expect(SearchQuery(question: "How long do we keep it?").significantTerms == ["long", "keep", "kept"])
        #expect(SearchQuery(question: "the licence").significantTerms == ["licence", "license"])
        #expect(SearchQuery(question: "organizations").significantTerms == ["organizations", "organisations"])
        #expect(SearchQuery(parsing: "keep it").significantTerms == ["keep"])
    }
}
