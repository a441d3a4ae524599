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
        number: Int, documentName: String, heading: String?, content: String, score: Double, version: Version? = nil
    ) {
        self.number = number
        self.documentName = documentName
        self.heading = heading
        self.content = content
        self.score = score
        self.version = version
    }
}

/// An answer of the built-in answerer.
public struct ExtractiveAnswer: Equatable, Sendable {
    /// The answer, with `[n]` after each sentence.
    public let content: String
    /// The numbers of the cited passages, in order of first citation. Empty if the passages do not answer the question.
    public let cited: [Int]

    public init(content: String, cited: [Int]) {
        self.content = content
        self.cited = cited
    }
}

/// Answers questions with sentences from the given passages, without a model.
///
/// It adds no text: each sentence of an answer is quoted from a passage, with white space normalised, and cited. Only if
/// it quotes an older version of a document, a last line says which passage is of which version. It gives no answer if the passages lack the words that make the question specific.
public enum ExtractiveAnswerer {
    public static let notFound =
        "I found nothing in the documents that answers this question."

    /// - Parameter mode: in `chat`, greetings and thanks get a reply; in `query`, every message is a question about the
    ///   documents.
    public static func answer(
        _ question: String, from passages: [EvidencePassage], mode: WorkspaceSettings.ChatMode
    ) -> ExtractiveAnswer {
        if mode == .chat, let reply = SmallTalk.reply(to: question) {
            return ExtractiveAnswer(content: reply, cited: [])
        }
        let question = ParsedQuestion(question)
        let evidence = Evidence(passages, for: question)
        let ranked = SentenceRanking.rank(evidence, for: question)
        guard !ranked.isEmpty else {
            return ExtractiveAnswer(content: notFound, cited: [])
        }
        return AnswerComposer.compose(ranked, of: evidence)
    }
}
