import Language

/// Finds words of a question in a text, in the same and in other forms.
final class WordMatcher {
    /// How well a word stands for one of the question, from 0 to 1.
    struct Match {
        let term: Int
        let quality: Double
    }

    private enum Quality {
        static let root = 0.92
        /// The same letters, and different endings.
        static let ending = 0.85
        /// A compound, or a word that is derived.
        static let part = 0.6
    }

    /// Whether a word of this quality is a form of the question's word.
    static func isForm(_ quality: Double) -> Bool { quality >= Quality.root }

    private let terms: [QuestionTerm]
    private let vocabulary: Vocabulary
    private let compounds: Bool
    /// By the number of the word. One word may have several roots, in documents of several languages.
    private var known: [Known?] = []

    /// The matches of a word, and what else they depend on.
    private struct Known {
        let root: Int
        let kind: TextWord.Kind
        let matches: [Match]
    }

    init(_ terms: [QuestionTerm], in language: TextLanguage?, _ vocabulary: Vocabulary) {
        self.terms = terms
        self.vocabulary = vocabulary
        compounds = language.map { Self.compounding.contains($0) } ?? true
    }

    /// Languages that write compounds as one word.
    private static let compounding: Set<TextLanguage> = [
        .german, .dutch, .swedish, .danish, .norwegian, .finnish, .hungarian,
    ]

    func matches(of word: TextWord) -> [Match] {
        if word.id < known.count {
            if let known = known[word.id], known.root == word.root, known.kind == word.kind { return known.matches }
        } else {
            known += repeatElement(nil, count: max(word.id + 1, vocabulary.texts.count) - known.count)
        }
        let matches = terms.indices.compactMap { index in
            let quality = quality(of: word, as: terms[index])
            return quality > 0 ? Match(term: index, quality: quality) : nil
        }
        known[word.id] = Known(root: word.root, kind: word.kind, matches: matches)
        return matches
    }

    private func quality(of word: TextWord, as term: QuestionTerm) -> Double {
        if !word.isSpaced || !term.isSpaced {
            return !word.isSpaced && term.parts.contains(word.id) ? 1 : 0
        }
        if word.id == term.id { return 1 }
        if word.root == term.root { return Quality.root }
        if term.isNumber || word.kind == .spelling { return 0 }
        let (root, termRoot) = (vocabulary.texts[word.root], vocabulary.texts[term.root])
        return max(likeness(root, termRoot), likeness(word.text, term.text))
    }

    /// How much alike two words are that have letters in common.
    private func likeness(_ one: String, _ other: String) -> Double {
        let (first, second) = (one.utf8, other.utf8)
        let (shorter, longer) = (min(first.count, second.count), max(first.count, second.count))
        guard shorter >= Self.least, first.first == second.first || compounds else { return 0 }
        var common = 0
        for (left, right) in zip(one.unicodeScalars, other.unicodeScalars) {
            guard left == right else { break }
            common += UTF8.width(left)
        }
        let width = one.unicodeScalars.first.map { UTF8.width($0) } ?? 1
        let (rest, longRest) = ((shorter - common) / width, (longer - common) / width)
        let letters = common / width
        if letters >= Self.least {
            if rest <= 1, longRest <= 2 || letters >= 7 && longRest <= 3 { return Quality.ending }
            if rest == 0, compounds || longRest <= 4 { return Quality.part }
        }
        if compounds, shorter / width >= Self.least, longer / width >= 2 * Self.least - 1 {
            let (short, long) = first.count < second.count ? (first, second) : (second, first)
            if long.suffix(short.count).elementsEqual(short) { return Quality.part }
        }
        return 0
    }

    /// The letters that words must have in common.
    private static let least = 5
}
