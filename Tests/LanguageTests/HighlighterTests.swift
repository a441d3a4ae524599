import Testing

@testable import Language

struct HighlighterTests {
    private func highlight(_ content: String, _ query: String) -> String {
        Highlighter.highlight(content, for: SearchQuery(parsing: query))
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
        ("年假", "每位员工有二十天<mark>年假</mark>。"), ("员工有", "每位<mark>员工有</mark>二十天年假。"),
        ("\"员工有二\" 年假", "每位<mark>员工有二</mark>十天<mark>年假</mark>。"), ("假", "每位员工有二十天年<mark>假</mark>。"),
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

    @Test func leavesTextWithoutHitsAlone() {
        #expect(highlight("plain", "other") == "plain")
        #expect(highlight("", "other") == "")
        #expect(highlight("plain", "") == "plain")
    }
}
