import Language

/// A word of a text, as a question is compared with it.
struct TextWord {
    enum Kind {
        case word
        /// Another spelling of the word or words before it: `1000` for `1,000`.
        case spelling
        /// Two adjacent letters of a script without spaces. Pairs overlap.
        case pair
        /// A letter of a script without spaces, alone or in a pair.
        case letter
    }

    fileprivate(set) var kind: Kind
    /// Folded: in lower case, without marks. Small numbers are in digits.
    let text: String
    /// The number of ``text`` in the vocabulary.
    let id: Int
    /// The number of what the forms of the word share: its stem in the language of the text.
    fileprivate(set) var root: Int
    /// In bytes of the text.
    let range: Range<Int>

    /// Whether it has no letters of a script without spaces.
    var isSpaced: Bool { kind == .word || kind == .spelling }

    /// The word as it is written.
    func surface(in text: String) -> String {
        String(Substring(text.utf8.dropFirst(range.lowerBound).prefix(range.count)))
    }
}

/// The words of a question and of the passages, numbered, because comparing numbers is faster.
final class Vocabulary {
    private var numbers: [Int: Int] = [:]
    private(set) var texts: [String] = []
    /// By number: the number in digits, or the base of an irregular English form.
    private var digits: [Int: Int] = [:]
    private var bases: [Int: Int] = [:]

    func number(of word: UnsafeBufferPointer<UInt8>) -> Int {
        var hasher = Hasher()
        hasher.combine(bytes: UnsafeRawBufferPointer(word))
        let hash = hasher.finalize()
        if let known = numbers[hash] { return known }
        numbers[hash] = texts.count
        texts.append(String(decoding: word, as: UTF8.self))
        return texts.count - 1
    }

    private func number(of word: String) -> Int {
        var word = word
        return word.withUTF8 { number(of: $0) }
    }

    /// The number in digits for one in words, such as "seven"; other words as they are.
    func digits(for word: Int) -> Int {
        if let known = digits[word] { return known }
        let canonical = NumberWords.digits(of: texts[word]).map { number(of: $0) } ?? word
        digits[word] = canonical
        return canonical
    }

    /// The stem of an irregular English form's base; nil for other words.
    func base(of word: Int) -> Int? {
        if let known = bases[word] { return known == word ? nil : known }
        let base = WordForms.base(of: texts[word])
        let stem = base == texts[word] ? word : number(of: Stemmers.stem(base, in: .english))
        bases[word] = stem
        return stem == word ? nil : stem
    }
}

/// Divides texts of a language into words.
struct WordReader {
    private var analyzer: Analyzer
    private let vocabulary: Vocabulary
    /// Whether irregular English forms are reduced to their base.
    private let isEnglish: Bool

    /// - Parameter language: nil if it is unknown; words then have no stems.
    init(_ language: TextLanguage?, _ vocabulary: Vocabulary = Vocabulary()) {
        analyzer = Analyzer(language.map { [$0] } ?? [])
        self.vocabulary = vocabulary
        isEnglish = language == .english
    }

    /// The words of a text in order. Each letter of a script without spaces comes behind its first pair.
    mutating func words(of text: String) -> [TextWord] {
        var words: [TextWord] = []
        var text = text
        let (vocabulary, isEnglish) = (vocabulary, isEnglish)
        func word(_ number: Int, _ range: Range<Int>, _ kind: TextWord.Kind? = nil) -> TextWord {
            Self.word(number, range, kind, vocabulary, isEnglish: isEnglish)
        }
        text.withUTF8 { utf8 in
            _ = analyzer.terms(of: utf8) { term, occurrence in
                let number = vocabulary.number(of: term)
                switch occurrence.kind {
                case .word: words.append(word(number, occurrence.range))
                case .alternative: words.append(word(number, occurrence.range, .spelling))
                case .stem:
                    guard let last = words.indices.last else { return }
                    if let first = term.first, first < 0x20 {
                        let index = words[last].kind == .spelling ? words.lastIndex { $0.kind == .word } ?? last : last
                        guard words[index].range == occurrence.range, words[index].root == words[index].id else {
                            return
                        }
                        words[index].root = vocabulary.number(of: UnsafeBufferPointer(rebasing: term.dropFirst()))
                    } else {
                        // The first letter of the pair before it, or the last of a run.
                        if words[last].kind == .letter, words[last].range.lowerBound == occurrence.range.lowerBound {
                            words[last].kind = .pair
                        }
                        words.append(word(number, occurrence.range, .letter))
                    }
                }
            }
        }
        return words
    }

    private static func word(
        _ number: Int, _ range: Range<Int>, _ kind: TextWord.Kind?, _ vocabulary: Vocabulary, isEnglish: Bool
    ) -> TextWord {
        if let kind {
            return TextWord(kind: kind, text: vocabulary.texts[number], id: number, root: number, range: range)
        }
        let text = vocabulary.texts[number]
        if text.unicodeScalars.first?.isOfUnspacedScript ?? false {
            return TextWord(kind: .letter, text: text, id: number, root: number, range: range)
        }
        let id = vocabulary.digits(for: number)
        let root = isEnglish ? vocabulary.base(of: id) ?? id : id
        return TextWord(kind: .word, text: vocabulary.texts[id], id: id, root: root, range: range)
    }
}
