import Language

/// How a language asks questions. Each language is one value in the folder `Languages`. All words are folded.
struct QuestionGrammar: Sendable {
    /// The kinds of question and their patterns. The first match wins.
    var kinds: [(kind: ParsedQuestion.Kind, pattern: QuestionPattern)]
    /// Matches questions about the meaning of a word.
    var asksForMeaning: [QuestionPattern] = []
    /// Words typical of questions rather than topics. An answer need not contain them.
    var weakWords: Set<String> = []
    /// Single letters that are too common to be a topic, in scripts that do not separate words.
    var weakLetters: Set<Unicode.Scalar> = []
    /// Words that ask for a measure. A question with no other words has no topic: "What time is it?"
    var measures: Set<String> = []
    /// Words that ask for an amount or name it: "how heavy", "what does it weigh", "the price". An amount stands for them.
    var amounts: [Measure: Set<String>] = [:]
    /// How secondary clauses begin; nil if unknown for the language.
    var clauses: QuestionClauses?
    /// Whether all nouns are capitalised, so that a capital does not mark a name.
    var capitalisesNouns = false
    /// Replaces everything but the topic with spaces, in scripts that do not separate words. In others, stop words do
    /// this.
    var topic: @Sendable (String) -> String = { $0 }

    /// A new language needs a line here; the compiler enforces it.
    static func of(_ language: StopWords.Language) -> QuestionGrammar {
        switch language {
        case .english: .english
        case .german: .german
        case .french: .french
        case .spanish: .spanish
        case .italian: .italian
        }
    }

    /// The measure that a word asks for or names.
    func measure(of word: String) -> Measure? { amounts.first { $0.value.contains(word) }?.key }

    /// - Parameters:
    ///   - words: the topic words of the question.
    ///   - text: the whole question.
    func kind(of words: [String], in text: String) -> ParsedQuestion.Kind? {
        kinds.first { $0.pattern.matches(words, in: text) }?.kind
    }
}

/// A pattern that reveals the kind of a question.
enum QuestionPattern: Sendable {
    /// The question begins with one of these phrases and has a number of words within the range.
    case opens([String], words: ClosedRange<Int> = 1...Int.max)
    /// It contains one of these words.
    case contains(Set<String>)
    /// It contains one of these phrases.
    case containsPhrase([String])
    /// One of `next` follows the first occurrence of `word`.
    case follows(_ word: String, next: Set<String>)
    /// Its text contains one of these strings, regardless of word boundaries.
    case containsLetters([[Unicode.Scalar]])

    func matches(_ words: [String], in text: String) -> Bool {
        switch self {
        case .opens(let phrases, let count):
            count.contains(words.count) && phrases.contains { words.starts(with: Self.words(of: $0)) }
        case .contains(let wanted): !wanted.isDisjoint(with: words)
        case .containsPhrase(let phrases):
            phrases.map(Self.words).contains { phrase in words.indices.contains { words[$0...].starts(with: phrase) } }
        case .follows(let word, let next):
            words.firstIndex(of: word).map { $0 + 1 < words.count && next.contains(words[$0 + 1]) } ?? false
        case .containsLetters(let runs):
            Self.hasRun(of: runs, in: Array(text.unicodeScalars))
        }
    }

    private static func words(of phrase: String) -> [String] { phrase.split(separator: " ").map(String.init) }

    private static func hasRun(of runs: [[Unicode.Scalar]], in letters: [Unicode.Scalar]) -> Bool {
        runs.contains { run in letters.indices.contains { letters[$0...].starts(with: run) } }
    }
}

/// The secondary clauses of a question, such as `if I start`, `can I make` and `have to fix`. There are many ways to
/// say their verb. The question's main verb ("How do I encrypt …") is part of its topic.
struct QuestionClauses: Sendable {
    let openers: Set<String>
    let pronouns: Set<String>
    /// Verbs of obligation, and the word that links them to the action.
    let obligation: (verbs: Set<String>, link: String)

    /// Whether the word at `position` is the verb of such a clause.
    func hasVerb(at position: Int, of words: [String]) -> Bool {
        guard position >= 2 else { return false }
        let (first, second) = (words[position - 2], words[position - 1])
        if second == obligation.link { return obligation.verbs.contains(first) }
        return openers.contains(first) && pronouns.contains(second)
    }
}
