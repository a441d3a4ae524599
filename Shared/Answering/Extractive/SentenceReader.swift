import Language
import Wire

/// Finds the terms of a question in sentences.
final class SentenceReader {
    private let question: Question
    private let matcher: WordMatcher
    private var readers: [TextLanguage?: WordReader] = [:]
    private let vocabulary: Vocabulary
    /// The roots of the question's terms.
    let roots: Set<Int>

    /// - Parameter vocabulary: in which the question's words are numbered.
    init(_ question: Question, _ vocabulary: Vocabulary) {
        self.question = question
        self.vocabulary = vocabulary
        matcher = WordMatcher(question.terms, in: question.language, vocabulary)
        roots = Set(question.terms.map(\.root))
    }

    /// - Parameter language: of the text; nil if it is unknown, and that of the question is assumed.
    func words(of text: String, in language: TextLanguage?) -> [TextWord] {
        readers[language, default: WordReader(language ?? question.language, vocabulary)].words(of: text)
    }

    /// How well words have each term.
    func presence(of terms: [QuestionTerm], in words: [TextWord]) -> [Double] {
        var presence = terms.map { _ in 0.0 }
        for word in words {
            for match in matcher.matches(of: word) where match.quality > presence[match.term] {
                presence[match.term] = match.quality
            }
        }
        return presence
    }

    /// The same for a sentence, in which amounts stand for words that ask for them, and cells for "the value of".
    func presence(in words: [TextWord], of sentence: String, row: String?, _ language: TextLanguage?) -> [Double] {
        var presence = presence(of: question.terms, in: words)
        for term in amounts(in: words, of: sentence) { presence[term] = 1 }
        if let row { for term in cells(of: row, language) { presence[term] = 1 } }
        return presence
    }

    /// The terms that are followed by the term that follows them in the question.
    func neighbours(in words: [TextWord]) -> Set<Int> {
        var found: Set<Int> = []
        var last: [WordMatcher.Match] = []
        for word in words where word.kind == .word {
            let matches = matcher.matches(of: word)
            for match in matches where last.contains(where: { $0.term + 1 == match.term }) {
                found.insert(match.term - 1)
            }
            last = matches
        }
        return found
    }

    /// The names and numbers that are spelt as in the question.
    func spelled(in words: [TextWord], of sentence: String) -> Set<Int> {
        let specific = question.terms.indices.filter { question.terms[$0].isSpecific }
        guard !specific.isEmpty else { return [] }
        return Set(
            specific.filter { term in
                words.contains {
                    $0.id == question.terms[term].id && $0.surface(in: sentence) == question.terms[term].surface
                }
            })
    }

    /// The terms for which an amount stands.
    private func amounts(in words: [TextWord], of text: String) -> [Int] {
        guard question.terms.contains(where: { $0.measure != nil }) else { return [] }
        let words = words.filter { $0.kind != .spelling }
        let hasOtherDimension = Dimension.isAnother(in: words.lazy.map(\.text), than: question.words)
        return question.terms.indices.filter { term in
            if hasOtherDimension, question.terms[term].measure == .length { return false }
            return question.terms[term].measure?.isStated(in: words, of: text, ignoring: question.words) ?? false
        }
    }

    /// The terms that mean the content of a cell, if the question names its row and its column: "the value of Aster in
    /// 2020".
    private func cells(of row: String, _ language: TextLanguage?) -> [Int] {
        let wanted = question.terms.indices.filter { question.terms[$0].isCell }
        guard !wanted.isEmpty else { return [] }
        var (names, values): (Set<Int>, Set<Int>) = ([], [])
        for cell in row.utf8.split(separator: UInt8(ascii: ";")) {
            let text = Substring(cell)
            guard let colon = text.firstIndex(ofBytes: ": ") else { continue }
            func terms(in part: Substring) -> [Int] {
                let presence = presence(of: question.terms, in: words(of: String(part), in: language))
                return presence.indices.filter { presence[$0] > 0 }
            }
            names.formUnion(terms(in: text[..<colon]))
            values.formUnion(terms(in: text[colon...]))
        }
        return names.isEmpty || values.subtracting(names).isEmpty ? [] : wanted
    }
}
