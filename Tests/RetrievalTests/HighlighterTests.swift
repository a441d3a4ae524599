import Testing

@testable import Retrieval

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
