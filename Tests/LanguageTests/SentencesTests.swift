import Testing

@testable import Language

struct SentencesTests {
    private func split(_ text: String) -> [String] {
        Sentences.split(text).map { String(text[$0]) }
    }

    @Test(arguments: [
        ["First one.", "Second one!", "Third?"],
        ["See e.g. the manual, i.e. Fig. 3 of No. 5.", "Then Dr. Who left."],
        ["He lives in the U.S. Government area.", "She left the U.S.", "It is big."],
        ["5. Conveying Modified Source Versions.", "You may convey."],
        ["Pi is 3.14 and v. 2.0 works.", "See section 3(b).", "Done."],
        ["He said \"Stop.\"", "(Really.)", "She left…"],
        ["Wait... he said nothing.", "No.", "Go on."],
        ["Free Software Foundation, Inc. <https://fsf.org/> wrote it.", "Etc."],
        ["\"What?\" he asked.", "Nobody knew."],
        ["これは文です。", "「はい。」", "次の文！"],
        ["one item", "two items", "three"],
    ])
    func findsTheSentences(sentences: [String]) {
        let isItems = sentences.first == "one item"
        #expect(split(sentences.joined(separator: isItems ? "\n" : " ")) == sentences)
    }

    @Test func ignoresSpaceAround() {
        #expect(split("  \n One.  \n\n Two. ") == ["One.", "Two."])
        #expect(split(" \n ").isEmpty)
        #expect(split("").isEmpty)
    }

    @Test func joinsLinesOfProse() {
        var text = "A sentence that\nis wrapped. And\nanother."
        let ranges = text.withUTF8 { Sentences.split($0, in: 0..<$0.count, lineBreaksEnd: false) }
        #expect(ranges.count == 2)
    }

    @Test func survivesStopsAlone() {
        #expect(split(String(repeating: ". ", count: 10_000)).count <= 10_000)
        #expect(split(String(repeating: ".", count: 10_000)).count == 1)
    }
}
