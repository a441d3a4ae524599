/// A parsed search query, as conditions on terms of the index.
///
/// Supports `"exact phrases"`, `-excluded` words and `-"excluded phrases"`. Everything else is words, even `--options`,
/// `-x` and `-5`. No input is an error: an unbalanced quote is ignored, and `AND`, `NEAR`, `*` and `:` have no special
/// meaning. Exclusions are words if there is nothing else to search for. Beyond ``maximumPhrases`` phrases of
/// ``maximumPhraseWords`` words, phrases become ordinary words and exclude nothing.
public struct SearchQuery: Hashable, Sendable {
    /// The maximum number of words, and of excluded words.
    public static let maximumTerms = 64
    /// The maximum number of phrases of several words, whether required or excluded.
    public static let maximumPhrases = 8
    /// The maximum number of words in a phrase.
    public static let maximumPhraseWords = 16
    /// The weight of a word's other forms. The form as typed has weight 1.
    public static let stemWeight = 0.5

    /// The conditions: required phrases, then words in order, then what makes the order of hits better.
    public let clauses: [QueryClause]
    /// The clauses whose hits a reader looks for: without function words, unless there is nothing else.
    let marked: [QueryClause]
    /// The languages of the stems in the clauses.
    let languages: [TextLanguage]

    /// Whether there is nothing to search for.
    public var isEmpty: Bool { clauses.isEmpty }

    /// - Parameter languages: those of the documents that it searches, the commonest first.
    public init(parsing text: String, languages: [TextLanguage] = [.english]) {
        var text = text
        self = text.withUTF8 { utf8 in
            let pieces = QueryText(utf8).pieces()
            let query = SearchQuery(pieces, of: utf8, languages)
            let hasExclusions = pieces.contains { if case .excluded = $0 { true } else { false } }
            return query.isEmpty && hasExclusions ? SearchQuery([.words(0..<utf8.count)], of: utf8, languages) : query
        }
    }

    /// Treats every word of `text` as a search term. In a question to a person, quotes and hyphens are not operators:
    /// "What does find -maxdepth do?" is about that word.
    public init(question text: String, languages: [TextLanguage] = [.english]) {
        var text = text
        self = text.withUTF8 { SearchQuery([.words(0..<$0.count)], of: $0, languages) }
    }

    /// Whether some words must or must not occur.
    public var hasConditions: Bool { clauses.contains { $0.occurrence == .must || $0.occurrence == .mustNot } }

    /// The text of a query without operators and without what it excludes, which says what it is about.
    public static func subject(of text: String) -> String {
        var text = text
        return text.withUTF8 { utf8 in
            let wanted = QueryText(utf8).pieces().compactMap { piece in
                switch piece {
                case .words(let range), .phrase(let range):
                    String(decoding: UnsafeBufferPointer(rebasing: utf8[range]), as: UTF8.self)
                case .excluded: nil
                }
            }
            return wanted.isEmpty ? String(decoding: utf8, as: UTF8.self) : wanted.joined(separator: " ")
        }
    }

    private init(_ pieces: [QueryText.Piece], of utf8: UnsafeBufferPointer<UInt8>, _ all: [TextLanguage]) {
        let languages = Self.plausible(for: utf8, among: all)
        var analyzer = Analyzer(ofQueryIn: languages)
        func words(in range: Range<Int>) -> [QueryWord] {
            QueryWord.all(in: UnsafeBufferPointer(rebasing: utf8[range]), &analyzer, limit: Self.longest)
        }
        var runs: [[QueryWord]] = []
        var phrases: [QueryClause] = []
        var excluded: [QueryClause] = []
        var sequences = 0
        for piece in pieces {
            switch piece {
            case .words(let range): runs.append(words(in: range))
            case .phrase(let range):
                let phrase = words(in: range)
                let hasRoom = phrase.count == 1 || sequences < Self.maximumPhrases
                let size = hasRoom ? min(phrase.count, Self.maximumPhraseWords) : 0
                let clause = QueryClause(.must, (0..<size).map { phrase.phraseTerms(at: $0) })
                if size > 0, phrases.count < Self.maximumTerms, !phrases.contains(clause) {
                    phrases.append(clause)
                    if size > 1 { sequences += 1 }
                }
                if size < phrase.count { runs.append(Array(phrase[size...])) }
            case .excluded(let range):
                let word = words(in: range).prefix(Self.maximumPhraseWords)
                guard !word.isEmpty, word.count == 1 || sequences < Self.maximumPhrases,
                    excluded.count < Self.maximumTerms
                else { continue }
                let clause = ClauseBuilder.exclusion(of: Array(word))
                guard !excluded.contains(clause) else { continue }
                excluded.append(clause)
                if word.count > 1 { sequences += 1 }
            }
        }
        let builder = ClauseBuilder(runs, hasPhrases: !phrases.isEmpty, languages)
        let wanted = phrases + builder.clauses
        clauses = wanted.isEmpty ? [] : wanted + builder.bonuses + excluded
        marked = phrases + builder.marked
        self.languages = languages
    }

    /// The languages that a query may be in.
    private static func plausible(
        for utf8: UnsafeBufferPointer<UInt8>, among languages: [TextLanguage]
    ) -> [TextLanguage] {
        guard languages.count > 1 else { return languages }
        var analyzer = Analyzer([])
        let words = QueryWord.all(in: utf8, &analyzer, limit: longest).map(\.text)
        return TextLanguage.plausible(for: words, among: languages)
    }

    /// The most words that are read of one piece. Most of these may be repeated.
    private static let longest = 1_024
}
