import Language
import Models

/// A passage that the search found for the question.
public struct EvidencePassage: Sendable {
    /// The number by which it is cited, from 1.
    public let number: Int
    public let documentName: String
    public let heading: String?
    /// The text as `PassageSplitter` writes it: each line is a paragraph, an item or a row.
    public let content: String
    /// The search's score. It is only compared with those of other passages.
    public let score: Double

    public init(
        number: Int, documentName: String, heading: String?, content: String, score: Double
    ) {
        self.number = number
        self.documentName = documentName
        self.heading = heading
        self.content = content
        self.score = score
    }
}

/// An answer of the built-in answerer.
public struct ExtractiveAnswer: Equatable, Sendable {
    /// The answer, with `[n]` after each sentence.
    public let content: String
    /// The numbers of the cited passages, in the order of their first citation. Empty when the passages do not answer the
    /// question.
    public let cited: [Int]

    public init(content: String, cited: [Int]) {
        self.content = content
        self.cited = cited
    }
}

/// Answers questions with sentences of the given passages, without a model.
///
/// It adds nothing of its own: each sentence of an answer is a sentence of a passage, with white space normalised, and is
/// cited. It gives no answer when the passages lack the words that make the question specific.
public enum ExtractiveAnswerer {
    public static let notFound =
        "I found nothing in the documents that answers this question."

    /// - Parameter mode: in `chat`, greetings and thanks get a reply; in `query`, every message is a question to the
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
