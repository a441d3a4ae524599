import Foundation
import Models
import Testing

@testable import Extraction

/// Fails unless the passages stay within their limits and their positions refer to the same text.
func expectBounds(_ passages: [PassageDraft], of text: ExtractedText, from first: Int = 0) {
    let scalars = text.text.unicodeScalars.count
    for (index, passage) in passages.enumerated() {
        #expect(passage.index == first + index)
        #expect(passage.start >= 0 && passage.start < passage.end && passage.end <= scalars)
        #expect(passage.wordCount <= 262 && passage.wordCount > 0)
        #expect(passage.content.unicodeScalars.count <= 2_000)
        #expect((passage.heading?.unicodeScalars.count ?? 0) <= 200)
    }
    for (first, second) in zip(passages, passages.dropFirst()) {
        #expect(first.start < second.start && first.end <= second.end)
    }
    let source = Array(text.text.unicodeScalars)
    for passage in passages {
        var part = String.UnicodeScalarView()
        part.append(contentsOf: source[passage.start..<passage.end])
        #expect(letters(String(part)) == letters(passage.content))
    }
}

/// The part of a text that must be in both; the lines under headings are not in a passage's content.
private func letters(_ text: String) -> [Unicode.Scalar] {
    text.unicodeScalars.filter(\.properties.isAlphabetic)
}

struct PassageSplitterTests {
    private func split(_ source: String, as type: DocumentType = .text) throws -> [PassageDraft] {
        let text = try TextExtractor.extract(Array(source.utf8), as: type)
        let passages = PassageSplitter.split(text)
        expectBounds(passages, of: text)
        return passages
    }

    private func sentences(_ count: Int, _ topic: String) -> String {
        (0..<count).map { "Sentence \($0) says something about \(topic)." }.joined(separator: " ")
    }

    @Test func emptyDocumentsHaveNoPassages() throws {
        #expect(try split("").isEmpty)
        #expect(try split(" \n\t\r\n ").isEmpty)
    }

    @Test func keepsSectionsApart() throws {
        let source = "# One\n\n\(sentences(20, "cats"))\n\n# Two\n\n\(sentences(20, "dogs"))"
        let passages = try split(source, as: .markdown)
        #expect(passages.map(\.heading) == ["One", "Two"])
        #expect(
            passages.allSatisfy { !$0.content.contains("cats") || !$0.content.contains("dogs") })
        #expect(passages[0].content.hasPrefix("One\n\nSentence 0"))
    }

    @Test func mergesTinySections() throws {
        let source = (1...5).map { "## Q\($0)\n\nShort answer." }.joined(separator: "\n\n")
        let passages = try split(source, as: .markdown)
        #expect(passages.map(\.heading) == ["Q1 · Q2 · Q3 · Q4 · Q5"])
        let long = (1...5).map { "## \(String(repeating: "Q", count: 70))\($0)\n\nShort answer." }
        #expect(try split(long.joined(separator: "\n\n"), as: .markdown)[0].heading?.unicodeScalars.count == 145)
    }

    @Test func overlapsWhereASectionIsCut() throws {
        let passages = try split("# One\n\n\(sentences(100, "cats"))", as: .markdown)
        #expect(passages.count > 2)
        for (first, second) in zip(passages, passages.dropFirst()) {
            #expect(second.start < first.end)
            #expect(second.content.hasPrefix("Sentence"))
            #expect(second.heading == "One")
        }
    }

    @Test func positionsAreScalarsOfTheExtractedText() throws {
        let source = "Größe 😀 eins.\n\n" + sentences(80, "naïve 😀 cafés")
        let passages = try split(source)
        #expect(passages.first?.start == 0)
        #expect(passages.last?.end == source.unicodeScalars.count)
    }

    @Test func boundsTextWithoutSpaces() throws {
        #expect(try split(String(repeating: "漢字", count: 20_000)).count >= 20)
        #expect(try split(String(repeating: "これは文です。", count: 2_000)).count >= 7)
        #expect(try split(String(repeating: "QUJD", count: 20_000)).count >= 40)
        #expect(try split(sentences(1, String(repeating: "word ", count: 3_000))).count >= 11)
    }

    @Test func joinsWrappedLines() throws {
        let passages = try split("A line\n  that goes on\nhere.")
        #expect(passages.map(\.content) == ["A line that goes on here."])
    }

    @Test func keepsTheLinesOfCode() throws {
        let source = "# Title\n\nWörds.\n\n```\nlet x = 1\n\n  print(x)\n```\n"
        #expect(
            try split(source, as: .markdown).map(\.content)
                == ["Title\n\nWörds.\n\nlet x = 1\n  print(x)"])
    }

    /// A block takes many times the memory of its text "1".
    @Test(arguments: [("1,2\n", DocumentType.csv), ("- 1 2\n", .markdown), ("1 2\n\n", .text)])
    func joinsTheTinyBlocksOfHugeDocuments(row: String, type: DocumentType) throws {
        let rows = TextBlocks.maximumCount + 50_000
        let text = try TextExtractor.extract(Array(String(repeating: row, count: rows).utf8), as: type)
        #expect(text.blocks.count < TextBlocks.maximumCount + 1_500)
        let passages = PassageSplitter.split(text)
        expectBounds(Array(passages.suffix(400)), of: text, from: passages.count - 400)
        #expect(passages.reduce(0) { $0 + $1.wordCount } >= rows * (type == .csv ? 1 : 2))
        #expect(passages.last?.content.utf8.contains(10) == true, "rows stay lines of their own")
    }

    @Test func countsWords() throws {
        let text = try TextExtractor.extract(Array(" one  two\nthree ".utf8), as: .text)
        #expect(text.wordCount == 3)
    }

    @Test(arguments: [
        ("每位员工有20天年假。", 9), ("有給休暇は二十日です。", 10), ("“年假”", 2), ("他说：“你好”。", 4), ("年——假……", 2),
        ("年假!! (ok)", 3), ("\"年·假\"", 2), ("ジョン・スミス", 6), ("ｱ｡ｲ", 2), ("か\u{3099}き\u{3099}", 2), ("don't 年", 2),
        ("Das ist 年假, ja", 5), ("直 원 a", 3), ("😀 ok", 2), ("직원은 매년", 2),
    ]) func lettersCountWhereWordsAreNotSetApart(text: String, count: Int) {
        #expect(ExtractedText(text: text, blocks: []).wordCount == count)
    }

    @Test(.enabled(if: FileManager.default.fileExists(atPath: "/usr/share/common-licenses/GPL-3")))
    func findsTheSectionsOfTheGPL() throws {
        let data = try #require(
            FileManager.default.contents(atPath: "/usr/share/common-licenses/GPL-3"))
        let passages = try split(String(decoding: data, as: UTF8.self))
        let section = passages.filter { $0.heading == "5. Conveying Modified Source Versions." }
        #expect(section.count == 2)
        #expect(section.first?.content.contains("\na) The work must carry prominent") ?? false)
        let headings = Set(passages.compactMap(\.heading))
        for number in 0...17 {
            #expect(headings.contains { $0.hasPrefix("\(number). ") })
        }
    }
}

struct AnnouncedListTests {
    private func passages(_ before: Int, _ items: Int) throws -> [PassageDraft] {
        let prose = (0..<before).map { "Sentence \($0) says something about it." }.joined(separator: " ")
        let list = (0..<items).map { "- item number \($0) of the list" }.joined(separator: "\n")
        let text = try TextExtractor.extract(
            Array("# T\n\n\(prose)\n\nEvery new employee receives:\n\n\(list)\n\nEnd.".utf8), as: .markdown)
        let passages = PassageSplitter.split(text)
        expectBounds(passages, of: text)
        return passages
    }

    @Test(arguments: [15, 22, 26, 28, 30, 33, 36]) func aListStaysWithItsAnnouncement(before: Int) throws {
        let passages = try passages(before, 12)
        #expect(
            passages.contains {
                $0.content.contains("receives:") && $0.content.contains("number 0 of")
                    && $0.content.contains("number 11 of")
            })
    }

    @Test func aListOfManyPassagesIsDivided() throws {
        let passages = try passages(20, 200)
        #expect(
            passages.count > 4
                && passages.contains { $0.content.contains("receives:") && $0.content.contains("number 0 of") })
    }

    /// What editors and spreadsheets leave of an empty document.
    @Test(arguments: [
        ("\u{A0}\u{200B}", DocumentType.text, false), ("<p>&nbsp;</p><p>&#8203;</p>", .html, false),
        ("\"\",\"\"\n\"\",\"\"\n", .csv, false), ("\u{3000}\n\u{2060}\u{FEFF}", .markdown, false),
        ("“”\n''", .text, false),
        ("\u{3164}\u{FE0F}", .text, false), (";;;\n\"\"", .text, false), ("\u{A0}x", .text, true), ("→", .text, true),
        ("☺", .html, true),
        ("中", .csv, true), ("5", .json, true), ("?", .text, true), ("\u{FFFD}", .text, true),
    ])
    func onlyWhatIsVisibleCounts(source: String, type: DocumentType, expected: Bool) throws {
        let passages = PassageSplitter.split(try TextExtractor.extract(Array(source.utf8), as: type))
        #expect(passages.contains(where: \.isVisible) == expected)
    }
}
