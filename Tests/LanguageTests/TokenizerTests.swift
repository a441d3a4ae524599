import Testing

@testable import Language

struct TokenizerTests {
    @Test(arguments: [
        ("Hello, World-wide 42nd!", ["hello", "world", "wide", "42nd"]),
        ("don't snake_case a.b", ["don", "t", "snake", "case", "a", "b"]),
        ("Crème BRÛLÉE Ångström", ["creme", "brulee", "angstrom"]),
        ("Łódź naïve ﬁn", ["łodz", "naive", "ﬁn"]),
        ("ΜΈΣΟΣ µm", ["μέσοσ", "μm"]),
        ("Жёлтый", ["жёлтый"]),
        ("日本語、テスト", ["日", "日本", "本", "本語", "語", "テ", "テス", "ス", "スト", "ト"]),
        ("我的iPhone手机, 水", ["我", "我的", "的", "iphone", "手", "手机", "机", "水"]),
        ("e\u{301}tude", ["etude"]),
        ("½ x²", ["½", "x²"]),
        (" \u{A0}—…“”", []),
        ("", []),
    ])
    func splitsAndFolds(text: String, words: [String]) {
        #expect(Tokenizer.tokens(in: text).map(\.text) == words)
    }

    @Test func rangesPointIntoTheOriginal() {
        let text = "Über «Crème»"
        let words = Tokenizer.tokens(in: text).map { token in
            String(decoding: Array(text.utf8)[token.range], as: UTF8.self)
        }
        #expect(words == ["Über", "Crème"])
    }

    @Test(arguments: [
        ("किताब की दुकान", ["किताब", "की", "दुकान"]), ("Größe in Łódź", ["große", "in", "łodz"]),
        ("كِتَاب", ["كتاب"]), ("שָׁלוֹם", ["שלום"]), ("நன்றி", ["நன்றி"]), ("می\u{200C}خواهم", ["میخواهم"]),
    ])
    func wordsKeepTheirVowelSigns(text: String, words: [String]) {
        #expect(Tokenizer.words(in: text).map(\.text) == words)
    }
}
