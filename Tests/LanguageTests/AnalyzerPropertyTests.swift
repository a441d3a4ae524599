import Foundation
import Testing

@testable import Language

struct AnalyzerPropertyTests {
    private static let texts = [
        "Größe Łódź Ångström İzmir Ørsted ﬁle ½ x² Ⅳ ＡＢＣ№５ ｶﾀｶﾞﾅ", "Τα Άνθρωποι μέσος ᾳ Ω", "Йод ёлка їжак Ўзбек",
        "Tiếng Việt đường phố", "ज़रूरत क़लम हिन्दी ऩ ऱ", "ড় ঢ় য় কো", "ਸ਼ ਖ਼", "நொடி கௌ", "ക്ഷൊ", "น้ำ ทำ การลาพัก",
        "ນ້ຳ ພັກຜ່ອນ",
        "한국어 휴가 각", "年次有給休暇 豈 神", "がぎぐ ガ パ", "أحمد آل مؤمن ئ ﷺ ﻻ", "שָׁלוֹם שׁ בּ", "ཀྵ གྷ", "မြန်မာ ဦ",
        "e\u{323}\u{302} ḍ̇",
    ]

    @Test(arguments: texts)
    func everyNormalFormHasTheSameTerms(text: String) {
        let terms = described(text)
        #expect(described(text.precomposedStringWithCanonicalMapping) == terms)
        #expect(described(text.decomposedStringWithCanonicalMapping) == terms)
        #expect(described(text.precomposedStringWithCompatibilityMapping) == terms)
        #expect(described(text.decomposedStringWithCompatibilityMapping) == terms)
    }

    @Test(arguments: [
        "x", "\u{301}", "a\u{301}", "a\u{200D}", "年\u{200D}", "年\u{200D}\u{301}", "ก\u{E49}", "aB1", "a-", "1.",
        "1 000 ", "a_", "👨\u{200D}",
        "\u{1100}\u{1161}", "\u{1161}", "a.bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb", "don't", "@#.-+", "C++",
        "ﷺ", "Жж",
    ])
    func anyRepetitionIsReadInLinearTime(piece: String) {
        let count = 100_000 / piece.utf8.count
        var bytes = Array(String(repeating: piece, count: count).utf8)
        bytes.append(contentsOf: " end".utf8)
        var analyzer = Analyzer([.english])
        var terms = 0
        var longest = 0
        let start = ContinuousClock.now
        _ = bytes.withUnsafeBufferPointer {
            analyzer.terms(of: $0) { term, occurrence in
                terms += 1
                longest = max(longest, term.count)
                #expect(occurrence.range.upperBound <= bytes.count && !occurrence.range.isEmpty)
            }
        }
        #expect(longest <= 3 * WordFolding.longestTerm && terms <= 2 * bytes.count)
        #expect(ContinuousClock.now - start < .seconds(20))
    }

    @Test func randomTextIsReadTheSameTwice() {
        var random = SystemRandomNumberGenerator()
        var analyzer = Analyzer([.english, .russian, .german])
        for _ in 0..<300 {
            var scalars = String.UnicodeScalarView()
            for _ in 0..<Int.random(in: 0...200, using: &random) {
                let value = UInt32.random(
                    in: 0...[0x7F, 0x600, 0x3200, 0x2FFFF].randomElement(using: &random)!, using: &random)
                Unicode.Scalar(value).map { scalars.append($0) }
            }
            let text = String(scalars)
            var bytes = Array(text.utf8)
            var found: [[UInt8]] = []
            _ = bytes.withUnsafeBufferPointer { analyzer.terms(of: $0) { term, _ in found.append(Array(term)) } }
            #expect(found == occurrences(text, [.english, .russian, .german]).map(\.0))
            #expect(found.allSatisfy { String(validating: $0, as: UTF8.self) != nil })
            // Malformed bytes do no harm.
            for index in bytes.indices where index % 7 == 0 { bytes[index] = UInt8.random(in: 0...255) }
            _ = bytes.withUnsafeBufferPointer { analyzer.terms(of: $0) { _, _ in } }
        }
    }

    /// `InitialLetters` relies on it.
    @Test(arguments: TextLanguage.allCases.filter { $0.stemByte != nil && $0 != .dutch })
    func aWordOfASCIILettersBeginsLikeItsStem(language: TextLanguage) {
        var analyzer = Analyzer([language])
        let parts = ["a", "e", "i", "o", "u", "y", "l", "s", "qu", "ge", "ing", "ly", "ies", "eur", "ment", "nen", "x"]
        var random = SystemRandomNumberGenerator()
        for _ in 0..<2000 {
            var word = (0..<Int.random(in: 1...5, using: &random)).map { _ in
                parts.randomElement(using: &random)!
            }.joined()
            let first = word.utf8.first
            _ = word.withUTF8 { utf8 in
                analyzer.terms(of: utf8) { term, occurrence in
                    #expect((occurrence.kind == .stem ? term[1] : term[0]) == first)
                }
            }
        }
    }

    @Test func theCacheBeginsAnewWhenItIsFull() {
        var analyzer = Analyzer([.english])
        for number in 0..<100_000 {
            let word =
                "w"
                + String(number, radix: 17).map {
                    String(Character(Unicode.Scalar(UInt8(ascii: "a") + UInt8($0.hexDigitValue ?? 16))))
                }
                .joined() + "ings"
            var text = word
            let terms = text.withUTF8 { utf8 in
                var terms: [String] = []
                _ = analyzer.terms(of: utf8) { term, _ in terms.append(String(decoding: term, as: UTF8.self)) }
                return terms
            }
            #expect(terms.first == word)
        }
    }
}
