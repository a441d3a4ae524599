import Foundation
import Testing

@testable import Embedding

/// The rules of the tokenizer, on ten pieces.
@Suite struct SmallVocabularyTests {
    private let tokenizer: SubwordTokenizer

    init() throws { tokenizer = try TinyModel.with(TinyModel().file) { try SubwordTokenizer(ModelFile(path: $0)) } }

    /// The pieces after the prefix, whose letters are unknown.
    private func pieces(_ text: String) -> [String] {
        let empty = tokenizer.tokens(of: "", as: .query).count
        return tokenizer.tokens(of: text, as: .query).dropFirst(empty - 2).dropLast().map { TinyModel.names[Int($0)] }
    }

    @Test(
        arguments: [
            ("", ["▁"]), (" ", ["▁"]), ("   a", ["▁", "a"]), ("a  b", ["▁", "a", "▁", "b"]), ("ab", ["▁ab"]),
            // Three pieces have a smaller sum than one.
            ("aaa", ["▁", "aaa"]), ("aaaa", ["▁", "a", "aaa"]), ("aaab", ["▁", "aaa", "b"]),
            ("X\tX", ["▁ab", "▁ab"]), ("a\u{AD}a", ["▁", "aa"]), (" \u{AD} a", ["▁", "a"]), ("ü", ["▁", "ü"]),
            // Unknown scalars in a row are one piece.
            ("z", ["▁", "<unk>"]), ("zz", ["▁", "<unk>"]), ("語\0🙂", ["▁", "<unk>"]),
            ("zaz z", ["▁", "<unk>", "a", "<unk>", "▁", "<unk>"]), ("<s>", ["▁", "<s>"]),
        ] as [(String, [String])])
    func theBestPiecesAreTaken(_ text: String, _ expected: [String]) {
        #expect(pieces(text) == expected)
    }

    /// Nothing is lost where the window moves or is cut, and a window's end changes no piece of a spaced text.
    @Test(arguments: ["a", "ab ", "aaab", "üb", "🙂", "X\t", "語aa "]) func longTextsAreWhole(_ part: String) {
        for count in [2000, 70_000] {
            let text = String(repeating: part, count: count / part.unicodeScalars.count)
            let written = pieces(text).joined().replacing("▁", with: " ").trimmingCharacters(in: .whitespaces)
            var expected = text.replacing("X", with: "ab").replacing("\t", with: " ")
            expected = expected.trimmingCharacters(in: .whitespaces)
            // The whole text, or each one between others.
            if part == "🙂" { expected = "🙂" }
            for unknown in ["🙂", "語"] { expected = expected.replacing(unknown, with: "<unk>") }
            #expect(written == expected)
        }
    }
}
