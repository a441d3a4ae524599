import Testing

@testable import Extraction

/// Text is composed (NFC) in every format.
struct CompositionTests {
    private func composed(_ text: String) -> [Unicode.Scalar] {
        Array(String(decoding: Composition.composed(Array(text.utf8)), as: UTF8.self).unicodeScalars)
    }

    /// With results from Unicode's NormalizationTest and other implementations.
    @Test(arguments: [
        ("Gro\u{308}\u{DF}e", "Gr\u{F6}\u{DF}e"), ("cafe\u{301}", "caf\u{E9}"), ("a\u{301}\u{323}", "\u{1EA1}\u{301}"),
        ("\u{1100}\u{1161}\u{11A8}", "\u{AC01}"), ("\u{AC00}\u{11A8}x", "\u{AC01}x"), ("か\u{3099}き", "がき"),
        ("\u{212B}", "\u{C5}"), ("\u{2126}", "\u{3A9}"), ("\u{958}", "\u{915}\u{93C}"), ("\u{928}\u{93C}", "\u{929}"),
        ("\u{627}\u{653}", "\u{622}"), ("\u{9C7}\u{9BE}", "\u{9CB}"), ("\u{E40}\u{E01}", "\u{E40}\u{E01}"),
        ("x\u{315}\u{300}\u{5AE}\u{300}b", "x\u{5AE}\u{300}\u{300}\u{315}b"), ("\u{F900}", "\u{8C48}"),
        ("\u{301}a", "\u{301}a"), ("\u{1F71}", "\u{3AC}"), ("\u{1D15E}", "\u{1D157}\u{1D165}"), ("", ""),
        ("и\u{306} и\u{306}", "й й"), ("\u{6D5}\u{654}", "\u{6C0}"), ("\u{37E}", ";"),
        ("q\u{307}\u{323}", "q\u{323}\u{307}"),
    ])
    func placesThatAreNotComposedAre(text: String, expected: String) {
        #expect(composed(text) == Array(expected.unicodeScalars))
        #expect(composed("ab \(text) cd") == Array("ab \(expected) cd".unicodeScalars))
        #expect(composed(expected) == Array(expected.unicodeScalars))
    }

    @Test func composedTextStaysAsItIs() {
        for text in ["Größe, naïve façade", "Проверка йода", "数据保留", "データ", "데이터", "הָאָרֶץ", "हिन्दी में", "ภาษาไทย"] {
            #expect(composed(text) == Array(text.unicodeScalars), "\(text)")
        }
    }

    @Test func runsOfMarksThatNoLanguageHasStayAsTheyAre() {
        let marks = "a" + String(repeating: "\u{301}", count: 100_000)
        #expect(composed(marks).count == 100_001)
    }

    @Test func everyFormatIsComposed() throws {
        let sources: [(String, String)] = [
            ("Gro\u{308}ße", "text"), ("Gro\u{308}ße", "markdown"), ("<p>Gro\u{308}ße</p>", "html"),
            ("<p>Gro&#x308;ße</p>", "html"),
            ("a,b\nGro\u{308}ße,2\n", "csv"), (#"{"a":"Gro\u0308ße"}"#, "json"),
        ]
        for (source, type) in sources {
            let text = try TextExtractor.extract(Array(source.utf8), as: try #require(.init(rawValue: type))).text
            #expect(text.unicodeScalars.contains("\u{F6}"), "\(type): \(text)")
        }
    }
}
