import Testing

@testable import Language

struct SearchQueryTests {
    @Test func takesWordsPhrasesAndExclusionsApart() {
        let query = SearchQuery(
            parsing: "modified \"Source Versions\" -Apache -\"no warranty\" the Modified")
        #expect(query.terms == ["modified", "the"])
        #expect(query.phrases == [["source", "versions"]])
        #expect(query.excluded == [["apache"], ["no", "warranty"]])
        let option = SearchQuery(parsing: "tar --exclude-from -x")
        #expect(option.terms == ["tar", "exclude", "from"] && option.excluded == [["x"]])
        #expect(query.significantTerms == ["modified"])
        #expect(!query.isEmpty)
    }

    @Test func stopWordsCountWhenThereIsNothingElse() {
        #expect(SearchQuery(parsing: "who is it").significantTerms == ["who", "is", "it"])
        #expect(SearchQuery(parsing: "the \"free software\"").significantTerms == [])
    }

    @Test(arguments: [
        ("\"unbalanced quote", ["unbalanced", "quote"]),
        ("a AND b OR NOT c", ["a", "and", "b", "or", "not", "c"]),
        ("NEAR(x y)* col:z ^w", ["near", "x", "y", "col", "z", "w"]),
        ("well-known", ["well", "known"]),
        ("- a", ["a"]), ("5\" pipe", ["5", "pipe"]),
    ])
    func nothingIsAnError(text: String, terms: [String]) {
        let query = SearchQuery(parsing: text)
        #expect(query.terms == terms)
        #expect(query.phrases.isEmpty && query.excluded.isEmpty)
    }

    @Test(arguments: ["", "  ", "\"\"", "\"", "-", "- -\"", "***", "-only -these"])
    func isEmptyWithoutAnythingToLookFor(text: String) {
        #expect(SearchQuery(parsing: text).isEmpty)
    }

    @Test func understandsTypographicQuotes() {
        let query = SearchQuery(parsing: "“exact words” more")
        #expect(query.phrases == [["exact", "words"]])
        #expect(query.terms == ["more"])
    }

    @Test func questionsHaveNoOperators() {
        let query = SearchQuery(question: "What does \"find -maxdepth\" do, and -\"no such thing\"?")
        #expect(query.significantTerms == ["find", "maxdepth", "thing"])
        #expect(query.phrases.isEmpty && query.excluded.isEmpty)
        #expect(SearchQuery(question: " -\"").isEmpty)
    }

    @Test func scriptsWithoutSpacesGivePairs() {
        let query = SearchQuery(parsing: "员工年假 水 \"二十天\" -病假")
        #expect(query.terms == ["员工", "工年", "年假", "水"])
        #expect(query.phrases == [["二", "二十", "十", "十天", "天"]] && query.excluded == [["病", "病假", "假"]])
    }

    @Test(arguments: [
        ("Wie viele Tage Urlaub gibt es?", ["tage", "urlaub"]), ("die casting", ["die", "casting"]),
        ("who did die on the hill", ["die", "hill"]), ("quels sont les jours de congés", ["jours", "conges"]),
        ("der die das", ["der", "die", "das"]), ("Was ist das?", ["was", "ist", "das"]),
    ])
    func stopWordsAreThoseOfTheLanguage(text: String, terms: [String]) {
        #expect(SearchQuery(parsing: text).significantTerms == terms)
    }

    @Test func isBounded() {
        let words = (0..<500).map { "w\($0)" }
        #expect(SearchQuery(parsing: words.joined(separator: " ")).terms.count == 64)
        let excluding = words.map { "-\($0)" }.joined(separator: " ")
        #expect(SearchQuery(parsing: excluding).excluded.count == 64)
        let long = SearchQuery(parsing: "\"\(words.joined(separator: " "))\"")
        #expect(long.phrases == [Array(words.prefix(16))] && long.terms == Array(words[16..<80]))
        let many = SearchQuery(parsing: (0..<12).map { "\"a\($0) b\($0)\"" }.joined(separator: " ") + " -\"c d\" -e")
        #expect(many.phrases.count == 8 && many.terms.count == 8 && many.excluded == [["e"]])
    }
}
