import Language
import Wire

/// A word of a question, or a letter in a script without spaces.
struct QuestionTerm {
    /// Folded.
    let text: String
    /// The numbers of the word and of its root in the vocabulary.
    let id: Int
    let root: Int
    /// As typed.
    let surface: String
    /// Of a letter: the pairs that it is in, or itself if it is alone. One of them stands for it.
    let parts: Set<Int>
    /// Of a letter: the number of letters without a space between them that it belongs to.
    let lettersOfRun: Int
    /// A name or number. Passages without it cannot answer the question.
    let isSpecific: Bool
    /// A word typical of questions rather than topics, such as "happen". The answer need not contain it.
    var isWeak: Bool
    /// What it asks the amount of. A text that states one need not contain the word.
    let measure: Measure?
    /// The verb of a secondary clause ("have to fix", "if I start"). There are many ways to say it, so it never weighs
    /// more than an ordinary word.
    let isAction: Bool
    /// The verb of the question itself: "Can I pawn …". What the texts say nothing of, they do not answer.
    let isMainVerb: Bool

    var isSpaced: Bool { parts.isEmpty }

    /// About how many words it is: a letter is a part of one.
    var words: Double { isSpaced ? 1 : Self.words(ofLetter: text) }

    /// The part of a word that a letter is in a script that does not separate words.
    static func words(ofLetter letter: String) -> Double {
        letter.unicodeScalars.first.flatMap { TextScript(of: $0.value) } == .thai ? 0.25 : 0.5
    }

    var isNumber: Bool { text.utf8.allSatisfy(ASCII.isDigit) }

    /// Whether it means what stands in a table: "the value of".
    var isCell: Bool { Self.cellWords.contains(text) }
    private static let cellWords: Set<String> = [
        "value", "values", "figure", "figures", "wert", "werte", "valeur", "valeurs", "valor", "valores", "valore",
        "valori",
    ]
}

/// Picks the words of a question that carry its topic.
struct QuestionTerms {
    private let text: String
    private let language: TextLanguage?
    private let asking: QuestionPhrases
    private let weakWords: Set<String>
    private let words: [TextWord]

    init(_ words: [TextWord], of text: String, in language: TextLanguage?, asking: QuestionPhrases) {
        self.words = words
        self.text = text
        self.language = language
        self.asking = asking
        weakWords = WeakWords.of(language)
    }

    /// Words that ask for a measure. A question with no other words has no topic: "What time is it?"
    private static let measures: Set<String> = ["many", "much", "long", "often", "time", "times"]

    /// Each root once, each letter of a script without spaces wherever it stands.
    var terms: [QuestionTerm] {
        var seen: Set<Int> = []
        var terms: [QuestionTerm] = []
        let spaced = words.filter { $0.kind == .word }
        var position = 0
        for (index, word) in words.enumerated() where terms.count < SearchQuery.maximumTerms {
            switch word.kind {
            case .word:
                position += 1
                guard !isFunctionWord(word), seen.insert(word.root).inserted else { continue }
                terms.append(term(of: word, at: position - 1, of: spaced, hasTopic: terms.contains { !$0.isWeak }))
            case .letter: terms.append(letter(at: index))
            case .pair, .spelling: continue
            }
        }
        if terms.allSatisfy({ Self.measures.contains($0.text) }) { return [] }
        // Weak words are the topic if there are no others.
        if terms.allSatisfy(\.isWeak) {
            for index in terms.indices { terms[index].isWeak = false }
        }
        return terms
    }

    private func isFunctionWord(_ word: TextWord) -> Bool {
        if asking.dropped.contains(word.text) { return true }
        return language.map { StopWords.contains(word.text, in: $0) } ?? false
    }

    private func term(of word: TextWord, at position: Int, of words: [TextWord], hasTopic: Bool) -> QuestionTerm {
        let surface = word.surface(in: text)
        let isName =
            position > 0 && language != .german && surface.unicodeScalars.first?.properties.isUppercase ?? false
        // A number, or the name of something technical, such as bzip2 or x86, which has parts.
        let isNumber =
            word.text.utf8.contains(where: ASCII.isDigit)
            || self.words.contains {
                $0.kind == .spelling && $0.range.contains(word.range.lowerBound)
                    && $0.text.utf8.contains(where: ASCII.isDigit)
            }
        let isVerb = language == .english && SecondaryClause.hasVerb(at: position, of: words)
        let measure = Measure.asked(by: word.text, in: language)
        let isWeak = measure == nil && (weakWords.contains(word.text) || asking.weak.contains(word.text))
        return QuestionTerm(
            text: word.text, id: word.id, root: word.root, surface: surface, parts: [], lettersOfRun: 1,
            isSpecific: isName || isNumber, isWeak: isWeak, measure: measure, isAction: hasTopic && isVerb,
            isMainVerb: !hasTopic && isVerb)
    }

    /// Its pairs stand around it.
    private func letter(at index: Int) -> QuestionTerm {
        let letter = words[index]
        let pairs = words.filter { $0.kind == .pair && $0.range.overlaps(letter.range) }
        let parts = pairs.isEmpty ? [letter.id] : Set(pairs.map(\.id))
        let isWeak = letter.text.unicodeScalars.first.map { UnspacedQuestion.weakLetters.contains($0) } ?? false
        let letters = words.filter { $0.kind == .letter }
        let place = letters.firstIndex { $0.range == letter.range } ?? 0
        var (first, last) = (place, place)
        while first > 0, letters[first - 1].range.upperBound == letters[first].range.lowerBound { first -= 1 }
        while last + 1 < letters.count, letters[last].range.upperBound == letters[last + 1].range.lowerBound {
            last += 1
        }
        return QuestionTerm(
            text: letter.text, id: letter.id, root: letter.id, surface: letter.text, parts: parts,
            lettersOfRun: last - first + 1, isSpecific: false,
            isWeak: isWeak && pairs.isEmpty, measure: nil, isAction: false, isMainVerb: false)
    }
}

/// The secondary clauses of an English question, such as `if I start`, `can I make` and `have to fix`. There are many
/// ways to say their verb. The question's main verb ("How do I encrypt …") is part of its topic.
enum SecondaryClause {
    private static let openers: Set<String> = [
        "after", "because", "before", "can", "could", "if", "may", "should", "unless", "until", "when",
    ]
    private static let pronouns: Set<String> = [
        "i", "you", "we", "they", "he", "she", "it", "somebody", "someone",
    ]
    private static let obligations: Set<String> = ["have", "has", "had"]

    /// Whether the word at `position` is the verb of such a clause.
    static func hasVerb(at position: Int, of words: [TextWord]) -> Bool {
        guard position >= 2 else { return false }
        let (first, second) = (words[position - 2].text, words[position - 1].text)
        return second == "to" ? obligations.contains(first) : openers.contains(first) && pronouns.contains(second)
    }
}
