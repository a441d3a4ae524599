import Embedding
import Language
import Models

/// A passage that the search found for the question.
public struct EvidencePassage: Sendable {
    /// The number that answers cite it by, from 1.
    public let number: Int
    public let documentName: String
    public let heading: String?
    /// The text as `PassageSplitter` writes it: each line is a paragraph, an item or a row.
    public let content: String
    /// The search score, which is only compared with the scores of other passages.
    public let score: Double
    /// The share of the best possible score of a search for the question's words, from 0 to 1.
    public let wordScore: Double
    /// The language of the document; nil if it is unknown.
    public let language: TextLanguage?
    /// Tells apart the documents of one name; nil if it is the only one of that name.
    public let version: Version?

    /// One of several documents that have the same name.
    public struct Version: Equatable, Sendable {
        /// When it was indexed, in RFC 3339.
        public let date: String
        public let isLatest: Bool
        /// When the newest version was indexed.
        public let newestDate: String

        public init(date: String, newestDate: String) {
            self.date = date
            self.newestDate = newestDate
            isLatest = date == newestDate
        }
    }

    public init(
        number: Int, documentName: String, heading: String?, content: String, score: Double,
        wordScore: Double, language: TextLanguage? = nil, version: Version? = nil
    ) {
        self.number = number
        self.documentName = documentName
        self.heading = heading
        self.content = content
        self.score = score
        self.wordScore = wordScore
        self.language = language
        self.version = version
    }
}

/// An answer of the built-in answerer.
public struct ExtractiveAnswer: Equatable, Sendable {
    /// The answer, with `[n]` after each sentence.
    public let content: String
    /// The numbers of the cited passages, in order of first citation. Empty if the passages do not answer the question.
    public let cited: [Int]
    /// If nothing is cited, what came nearest.
    public let nearest: Nearest?
    /// Whether the question has a word that says what it is about.
    public let hasTopic: Bool

    /// A passage that is not enough for an answer.
    public struct Nearest: Equatable, Sendable {
        public let number: Int
        /// Its nearest sentence.
        public let sentence: String
        /// The words of the question that it lacks, as typed. If there are none, it means something else.
        public let missing: [String]
    }

    /// Whether it says that the passages do not answer the question.
    var isRefusal: Bool { cited.isEmpty && content == ExtractiveAnswerer.notFound }

    public init(content: String, cited: [Int], nearest: Nearest? = nil, hasTopic: Bool = true) {
        self.content = content
        self.cited = cited
        self.nearest = nearest
        self.hasTopic = hasTopic
    }
}

/// Answers questions with sentences from the given passages, without a model.
///
/// It adds no text: each sentence of an answer is quoted from a passage, with white space normalised, and cited. Only
/// if it quotes an older version of a document, a last line says which passage is of which version. It gives no answer
/// if the passages lack the words that make the question specific.
public enum ExtractiveAnswerer {
    public static let notFound =
        "I found nothing in the documents that answers this question."

    /// - Parameters:
    ///   - embedder: the built-in model, for whose vectors refusals are calibrated. Nil compares words only, as does a
    ///     failure of it.
    ///   - mode: in `chat`, greetings and thanks get a reply; in `query`, every message is a question about the
    ///     documents.
    ///   - vector: the question's by the model; nil to make it.
    public static func answer(
        _ question: String, from passages: [EvidencePassage], mode: WorkspaceSettings.ChatMode,
        meaning embedder: (any Embedder)? = nil, vector: [Float]? = nil
    ) -> ExtractiveAnswer {
        if mode == .chat, let reply = SmallTalk.reply(to: question) {
            return ExtractiveAnswer(content: reply, cited: [])
        }
        let vocabulary = Vocabulary()
        let parsed = Question(question, among: languages(of: passages), vocabulary)
        let evidence = Evidence(passages, for: parsed, vocabulary)
        let ranking = SentenceRanking(evidence, for: parsed)
        let meaning =
            passages.isEmpty || ranking.isHopeless
            ? nil : embedder.flatMap { try? SentenceMeaning(of: question, vector, $0) }
        let ranked = ranking.ranked(by: meaning)
        let answers = ranking.answers(among: ranked)
        guard answers.isEmpty else { return AnswerComposer.compose(answers, of: evidence) }
        let nearest = ranked.first.map { sentence in
            ExtractiveAnswer.Nearest(
                number: passages[evidence.sentences[sentence.index].passage].number,
                sentence: evidence.sentences[sentence.index].text,
                missing: ranking.missing(sentence))
        }
        return ExtractiveAnswer(content: notFound, cited: [], nearest: nearest, hasTopic: ranking.hasTopic)
    }

    /// The languages of the passages, the commonest first.
    private static func languages(of passages: [EvidencePassage]) -> [TextLanguage] {
        var counts: [TextLanguage: Int] = [:]
        for language in passages.compactMap(\.language) { counts[language, default: 0] += 1 }
        return counts.keys.sorted { (counts[$0] ?? 0, $1.rawValue) > (counts[$1] ?? 0, $0.rawValue) }
    }
}
