import Testing

@testable import Embedding

/// The tokenizer with the real vocabulary.
@Suite(.enabled(if: TestModel.exists, TestModel.missing))
struct TokenizerTests {
    private let tokenizer: SubwordTokenizer

    init() throws { tokenizer = try SubwordTokenizer(ModelFile(path: TestModel.path)) }

    /// Ids of texts after those of `<s>query:`, and before that of `</s>`, as the published tokenizer gives them.
    @Test(
        arguments: [
            ("", [6]),
            ("a", [10]),
            (" ", [6]),
            ("Сколько дней отпуска мне положено?", [191405, 27091, 142115, 4042, 129, 139702, 32]),
            ("每年有多少天年假?", [6, 21602, 138561, 1906, 470, 14654, 32]),
            ("คุณมีวันลาพักร้อนกี่วัน", [19969, 2386, 11425, 14992, 40615, 35558, 175651, 11425]),
            (
                "वार्षिक छुट्टी के कितने दिन मिलते हैं?",
                [96030, 28785, 86644, 287, 180513, 3927, 16790, 2617, 1293, 32]
            ),
            ("ＡＢＣ１２３ ｶﾀｶﾅ", [47457, 48636, 6, 10045, 10793, 10045, 17456]),
            ("e\u{301}cole naïve coöperate ﬁnance", [28, 4868, 46813, 24, 9392, 272, 552, 70740, 1704, 67, 82466]),
            (
                "👩\u{200D}👩\u{200D}👧\u{200D}👦 emoji 🙂 test",
                [6, 244785, 6, 244785, 6, 245719, 6, 246167, 28, 121505, 3143, 3034]
            ),
            ("tab\u{9}new\u{A}line\u{D}\u{A}end", [20928, 3525, 13315, 3564]),
            ("zero\u{200B}width\u{A0}nbsp\u{3000}ideographic", [45234, 6, 146984, 6, 82678, 47674, 48461]),
            ("multiple     spaces   here", [48716, 32628, 7, 3688]),
            ("<s> </s> <unk> <mask> [CLS] ▁ ▁▁", [6, 0, 6, 2, 4426, 3678, 2740, 6, 250001, 378, 441, 19759, 268, 6]),
            ("nul\u{7}bell", [87610, 70926]),
            ("ſtraße İstanbul ısı", [6, 71887, 10621, 104504]),
        ] as [(String, [UInt32])])
    func idsAreThoseOfThePublishedModel(_ text: String, _ ids: [UInt32]) {
        #expect(tokenizer.tokens(of: text, as: .query) == [0, 41, 1294, 12] + ids + [2])
    }

    @Test func publishedIdsAreTheSame() {
        for golden in Golden.all {
            let role = golden.prefix == "query: " ? TextRole.query : .passage
            let ids = tokenizer.tokens(of: golden.text, as: role, limit: 512)
            #expect(ids.map(Int.init) == golden.ids.map(Int.init), "\(golden.text)")
        }
    }

    /// NUL and scalars without meaning are unknown pieces (3).
    @Test(arguments: ["a\0b", "\u{378}", "\u{10FFFF}"]) func anyScalarIsAllowed(_ text: String) {
        #expect(tokenizer.tokens(of: text, as: .query).contains(3))
    }

    @Test func aLongTextIsCutAtAToken() {
        let text = String(repeating: "Der Vertrag endet am 31. Dezember. ", count: 3000)
        let all = tokenizer.tokens(of: text, as: .passage)
        #expect(all.count > 20_000)
        for limit in [2, 3, 8, 512] {
            #expect(tokenizer.tokens(of: text, as: .passage, limit: limit) == all.prefix(limit - 1) + [2])
        }
    }
}
