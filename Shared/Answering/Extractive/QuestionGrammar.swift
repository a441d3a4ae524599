import Language

/// How a language asks questions. Each language is one value, in the folder `Languages`. All words are folded.
struct QuestionGrammar: Sendable {
    /// The kinds of question by their patterns. The first match counts.
    var kinds: [(kind: ParsedQuestion.Kind, pattern: QuestionPattern)]
    /// Matches a question for the meaning of a word.
    var asksForMeaning: [QuestionPattern] = []
    /// Words of questions rather than of topics. An answer need not have them.
    var weakWords: Set<String> = []
    /// Single letters that are too common to be a topic, in scripts that do not separate words.
    var weakLetters: Set<Unicode.Scalar> = []
    /// Words that ask for a measure. A question of nothing else has no topic: "What time is it?"
    var measures: Set<String> = []
    /// How clauses beside the question begin; nil where that is not known.
    var clauses: QuestionClauses?
    /// Whether all nouns are capitalised, so that a capital does not show a name.
    var capitalisesNouns = false
    /// Replaces what is not the topic by spaces, in scripts that do not separate words. In others, stop words do this.
    var topic: @Sendable (String) -> String = { $0 }

    /// A new language adds one line here; the compiler asks for it.
    static func of(_ language: StopWords.Language) -> QuestionGrammar {
        switch language {
        case .english: .english
        case .german: .german
        case .french: .french
        case .spanish: .spanish
        case .italian: .italian
        }
    }

    /// - Parameters:
    ///   - words: the words of the question's topic.
    ///   - text: the whole question.
    func kind(of words: [String], in text: String) -> ParsedQuestion.Kind? {
        kinds.first { $0.pattern.matches(words, in: text) }?.kind
    }
}

/// A sign of the kind of a question.
enum QuestionPattern: Sendable {
    /// It begins with one of these phrases, and has a number of words within the range.
    case opens([String], words: ClosedRange<Int> = 1...Int.max)
    /// It has one of these words.
    case contains(Set<String>)
    /// It has one of these phrases.
    case containsPhrase([String])
    /// One of `next` follows the first occurrence of `word`.
    case follows(_ word: String, next: Set<String>)
    /// Its text has one of these runs of letters, whatever its words are.
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

/// The clauses beside a question, such as `if I start` and `can I make`, and `have to fix`. Their verb can be said in
/// many ways. The question's own verb ("How do I encrypt …") says what it is about.
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
