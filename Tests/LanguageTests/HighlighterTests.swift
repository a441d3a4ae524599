import Testing

@testable import Language

struct HighlighterTests {
    private func highlight(_ content: String, _ query: String) -> String {
        var highlighter = Highlighter(SearchQuery(parsing: query))
        return highlighter.highlight(content)
    }

    @Test func marksByStem() {
        #expect(
            highlight("You modify; modified versions.", "the modifying version")
                == "You <mark>modify</mark>; <mark>modified</mark> <mark>versions</mark>.")
    }

    @Test func marksAPhraseOnce() {
        #expect(
            highlight("Source code is a source.", "\"source code\"")
                == "<mark>Source code</mark> is a source.")
        #expect(highlight("a b a b a", "\"a b a\"") == "<mark>a b a b a</mark>")
    }

    @Test(arguments: [
        ("年假", "每位员工有二十天<mark>年假</mark>。"), ("员工有", "每位<mark>员工</mark>有二十天年假。"),
        ("\"员工有二\" 年假", "每位<mark>员工有二</mark>十天<mark>年假</mark>。"), ("假", "每位员工有二十天年<mark>假</mark>。"),
        ("有二十", "每位员工<mark>有二十</mark>天年假。"),
        ("位员 \"员工有\"", "每<mark>位员工有</mark>二十天年假。"), ("\"工员\" 天假", "每位员工有二十天年假。"),
    ])
    func marksWordsOfScriptsWithoutSpaces(query: String, marked: String) {
        #expect(highlight("每位员工有二十天年假。", query) == marked)
    }

    @Test func escapesEverything() {
        #expect(
            highlight("<script>'x' & \"crème\"</script>", "creme script")
                == "&lt;<mark>script</mark>&gt;&#39;x&#39; &amp; &quot;<mark>crème</mark>&quot;"
                + "&lt;/<mark>script</mark>&gt;")
    }

    @Test(arguments: [
        ("C# and .NET", "c#", "<mark>C#</mark> and .NET"), ("C# and .NET", ".net", "C# and <mark>.NET</mark>"),
        ("call getUserById()", "getuserbyid", "call <mark>getUserById</mark>()"),
        ("call getUserById()", "user by id", "call get<mark>User</mark>By<mark>Id</mark>()"),
        ("PPR-9087 is new", "ppr9087", "<mark>PPR-9087</mark> is new"),
        ("it costs 1 000.50 €", "1,000.50", "it costs <mark>1 000.50</mark> €"),
        ("Straße", "strasse", "<mark>Straße</mark>"), ("at -5 °C", "-5", "at <mark>-5</mark> °C"),
        ("The general meeting", "the generals", "The <mark>general</mark> meeting"),
        ("It was kept.", "keep it", "It was <mark>kept</mark>."),
        ("the e\u{301}tude", "étude", "the <mark>e\u{301}tude</mark>"),
    ])
    func marksWhatWasTyped(content: String, query: String, marked: String) {
        #expect(highlight(content, query) == marked)
    }

    @Test func onePassageKnowsNothingOfTheOneBefore() {
        var highlighter = Highlighter(SearchQuery(parsing: "\"source code\""))
        #expect(highlighter.highlight("the source") == "the source")
        #expect(highlighter.highlight("code, a source") == "code, a source")
        #expect(highlighter.highlight("source code", in: .german) == "<mark>source code</mark>")
    }

    @Test func marksByStemWhatBeginsOtherwise() {
        var highlighter = Highlighter(SearchQuery(parsing: "maken", languages: [.dutch]))
        #expect(highlighter.highlight("Het is gemaakt.", in: .dutch) == "Het is <mark>gemaakt</mark>.")
    }

    @Test func leavesTextWithoutHitsAlone() {
        #expect(highlight("plain", "other") == "plain")
        #expect(highlight("", "other") == "")
        #expect(highlight("plain", "") == "plain")
    }
}
