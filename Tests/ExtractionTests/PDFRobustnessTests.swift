import TestSupport
import Testing

@testable import Extraction

/// Layouts and hyphens that no document has, from a fixed seed.
struct PDFRobustnessTests {
    private static let words = [
        "a", "The", "word", "•", "1.", "(a)", "מדריך", "שלום12", "12", "中文", "Page", "of", "x-", "&amp;&lt;", "Heading",
        "\u{F0B7}", ".", "....", "abc\u{AD}", "&bogus;",
    ]

    private func number(_ random: inout Random) -> String {
        switch Int.random(in: 0..<10, using: &random) {
        case 0: "-\(Int.random(in: 0..<3_000, using: &random))"
        case 1: ["nan", "1e9", "", "99999999999999.123"].randomElement(using: &random) ?? ""
        default: "\(Int.random(in: 0..<600, using: &random)).\(Int.random(in: 0..<99, using: &random))"
        }
    }

    private func layout(_ random: inout Random) -> String {
        var source = "<doc>\n<page>\n<flow>\n<block>\n<line>\n"
        for _ in 0..<Int.random(in: 0..<120, using: &random) {
            switch Int.random(in: 0..<40, using: &random) {
            case 0: source += "</line>\n</block>\n</flow>\n</page>\n<page>\n<flow>\n<block>\n<line>\n"
            case 1...2: source += "</line>\n</block>\n</flow>\n<flow>\n<block>\n<line>\n"
            case 3...5: source += "</line>\n</block>\n<block>\n<line>\n"
            case 6...12: source += "</line>\n<line>\n"
            default:
                let box = ["xMin", "yMin", "xMax", "yMax"].map { "\($0)=\"\(number(&random))\"" }
                let word = Self.words.randomElement(using: &random) ?? ""
                source += "<word \(box.joined(separator: " "))>\(word)</word>\n"
            }
        }
        return source + "</line>\n</block>\n</flow>\n</page>\n</doc>\n"
    }

    @Test func oddLayoutsGiveText() {
        var random = Random(state: 15)
        for round in 0..<1_500 {
            var bytes = Array(layout(&random).utf8)
            for _ in 0..<(round.isMultiple(of: 5) ? 20 : 0) {
                bytes[Int.random(in: 0..<bytes.count, using: &random)] = UInt8.random(in: 0...255, using: &random)
            }
            // In two pieces, cut anywhere.
            let cut = Int.random(in: 0...bytes.count, using: &random)
            var reader = PDFLayoutReader()
            for piece in [bytes[..<cut], bytes[cut...]] {
                #expect(piece.withUnsafeBufferPointer { reader.read($0) })
            }
            let document = PDFText(reader.layout)
            let text = ExtractedText(text: document.text, blocks: document.blocks)
            expectBounds(PassageSplitter.split(text), of: text)
            for (first, second) in zip(text.blocks, text.blocks.dropFirst()) {
                #expect(first.range.lowerBound <= second.range.lowerBound)
            }
        }
    }

    @Test func hyphensNeverChangeTheLength() {
        var random = Random(state: 16)
        let scalars = Array("ab-- \n\n\r\tX1.)•é\u{2010}“—中")
        for _ in 0..<30_000 {
            let source = String(
                (0..<Int.random(in: 0..<60, using: &random)).compactMap { _ in scalars.randomElement(using: &random) })
            let joined = LineEndHyphens(joining: Array(source.utf8))
            #expect(joined.bytes.count == source.utf8.count)
            #expect(String(validating: joined.bytes, as: UTF8.self) != nil)
        }
    }
}
