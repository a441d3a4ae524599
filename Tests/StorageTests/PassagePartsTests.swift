import Testing

@testable import Storage

@Suite struct PassagePartsTests {
    private static func letters(_ text: String) -> String { String(text.filter { !$0.isWhitespace }) }

    @Test func aShortTextIsOnePart() {
        #expect(PassageParts.split(" One. Two.\n") == ["One. Two."])
        #expect(PassageParts.split("") == [""])
        #expect(PassageParts.split(" \n") == [" \n"])
        #expect(PassageParts.split(String(repeating: "x", count: 600)).count == 1)
    }

    @Test func partsEndWithSentencesOrLines() {
        let sentence = "A " + String(repeating: "word ", count: 40) + "end."
        let list = (0..<30).map { "\($0) is an item of the list, and has no stop at its end" }.joined(separator: "\n")
        for part in PassageParts.split(String(repeating: sentence + " ", count: 9)) {
            #expect(part.hasSuffix("end.") && part.hasPrefix("A word"))
        }
        for part in PassageParts.split(list) { #expect(part.hasSuffix("at its end")) }
    }

    @Test func partsEndWithWordsWhereSentencesAreLong() {
        let parts = PassageParts.split(String(repeating: "word ", count: 400))
        #expect(parts.count == 4)
        for part in parts { #expect(part.hasPrefix("word") && part.hasSuffix("word")) }
    }

    /// In all scripts, parts have together what the text has, and are about equally long.
    @Test(arguments: 0..<200 as Range<UInt64>) func partsAreTheTextInPiecesOfSimilarSize(seed: UInt64) {
        var numbers = Numbers(state: seed)
        let units = [
            ["word ", "and. ", "x", "9\n"], ["字", "句。", "中文"], ["ประเทศ", "ไทย"], ["शब्द ", "है। "],
            ["😀", "e\u{301}"],
        ]
        let alphabet = units[Int.random(in: 0..<units.count, using: &numbers)]
        let size = Int.random(in: 1...20_000, using: &numbers)
        var text = ""
        while text.utf8.count < size { text += alphabet[Int.random(in: 0..<alphabet.count, using: &numbers)] }
        let parts = PassageParts.split(text)
        #expect(Self.letters(parts.joined()) == Self.letters(text))
        #expect(parts.count == max(1, min(PassageParts.most, (text.utf8.count + 599) / 600)))
        let mean = text.utf8.count / parts.count
        for part in parts where parts.count > 1 {
            #expect(part.utf8.count > mean / 3 && part.utf8.count < mean * 5 / 3)
        }
    }
}
