import Foundation
import Models
import TestSupport
import Testing

@testable import Extraction

/// A document of `Documents`, which other programs made, and what others read in it.
struct ForeignDocument: CustomTestStringConvertible {
    let name: String

    var testDescription: String { name }

    /// Those of which somebody else's text is known.
    static let all: [ForeignDocument] = {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
        return names.sorted().filter { $0.hasSuffix(".txt") }.map { ForeignDocument(name: String($0.dropLast(4))) }
    }()

    private static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .appendingPathComponent("Documents")

    var bytes: [UInt8] {
        get throws { Array(try Data(contentsOf: Self.folder.appendingPathComponent(name))) }
    }

    /// The text that another program reads.
    var expected: String {
        get throws { try String(contentsOf: Self.folder.appendingPathComponent("\(name).txt"), encoding: .utf8) }
    }

    func text() throws -> ExtractedText {
        let bytes = try bytes
        return try TextExtractor.extract(
            bytes, as: try FormatDetector.detect(bytes: bytes, name: name, declared: nil))
    }
}

@Suite struct ForeignDocumentTests {
    /// Runs of letters, and runs of digits.
    private func words(_ text: some StringProtocol) -> [String] {
        var words: [String] = []
        var last: Bool?
        for scalar in text.unicodeScalars {
            let isDigit = scalar.properties.numericType != nil
            guard isDigit || scalar.properties.isAlphabetic else {
                last = nil
                continue
            }
            if last == isDigit {
                words[words.count - 1].unicodeScalars.append(scalar)
            } else {
                words.append(String(scalar))
            }
            last = isDigit
        }
        return words
    }

    /// The words of a text in which each table has the names of its columns once, above its rows.
    private func wordsAsShown(_ text: ExtractedText) -> [String] {
        var all: [String] = []
        var isInTable = false
        for block in text.blocks {
            let content = text.text(of: block)
            guard block.kind == .tableRow else {
                isInTable = false
                all += words(content)
                continue
            }
            let cells = content.components(separatedBy: "; ").map { $0.components(separatedBy: ": ") }
            if !isInTable { all += cells.filter { $0.count > 1 }.flatMap { words($0[0]) } }
            isInTable = true
            all += cells.flatMap { words($0[$0.count - 1]) }
        }
        return all
    }

    /// The length of the longest common subsequence.
    private func common(_ first: [String], _ second: [String]) -> Int {
        var above = Array(repeating: 0, count: second.count + 1)
        for word in first {
            var row = above
            for index in second.indices {
                row[index + 1] = word == second[index] ? above[index] + 1 : max(above[index + 1], row[index])
            }
            above = row
        }
        return above[second.count]
    }

    @Test func eachFormatHasThreeDocuments() {
        let endings = ForeignDocument.all.map { $0.name.split(separator: ".").last ?? "" }
        for (ending, count) in Dictionary(endings.map { ($0, 1) }, uniquingKeysWith: +) {
            #expect(count >= 3, "\(ending)")
        }
        #expect(!endings.isEmpty)
    }

    @Test(arguments: ForeignDocument.all) func theWordsAreThoseThatOthersRead(_ document: ForeignDocument) throws {
        let text = try document.text()
        let found = wordsAsShown(text)
        let expected = words(try document.expected)
        #expect(expected.count > 40)
        #expect(common(expected, found) * 100 >= expected.count * 98, "\(found)")
        // LibreOffice leaves notes out, which have some words that occur in the text, too.
        let counts = Dictionary(expected.map { ($0, 1) }, uniquingKeysWith: +)
        let more = Dictionary(found.map { ($0, 1) }, uniquingKeysWith: +).reduce(0) { sum, word in
            sum + (counts[word.key].map { max(0, word.value - $0) } ?? 0)
        }
        #expect(more * 100 <= expected.count * 3, "no text is there twice: \(found)")
        expectBounds(PassageSplitter.split(text), of: text)
    }

    /// Whatever byte is changed, the reader ends with a text or with an error.
    @Test(.timeLimit(.minutes(2)), arguments: ForeignDocument.all) func damageIsNoCrash(_ document: ForeignDocument)
        throws
    {
        let bytes = try document.bytes
        let type = try FormatDetector.detect(bytes: bytes, name: document.name, declared: nil)
        var random = Random(state: 5)
        for _ in 0..<40 {
            var changed = bytes
            for _ in 0..<Int.random(in: 1...6, using: &random) {
                let index = Int.random(in: 0..<changed.count, using: &random)
                switch Int.random(in: 0..<3, using: &random) {
                case 0: changed[index] = UInt8.random(in: 0...255, using: &random)
                case 1: changed.removeSubrange(index..<min(changed.count, index + 9))
                default: changed.insert(contentsOf: changed[index...].prefix(9), at: index)
                }
            }
            guard let text = try? TextExtractor.extract(changed, as: type) else { continue }
            expectBounds(PassageSplitter.split(text), of: text)
        }
    }
}
