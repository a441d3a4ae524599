import Language

/// A passage that a search found for the question.
public struct EvidencePassage: Sendable {
    /// The number it is cited by, from 1.
    public let number: Int
    public let documentName: String
    public let heading: String?
    /// The text as the splitter makes it: a line is a paragraph, an item or a row.
    public let content: String
    /// How well the search rates it; only compared with the other passages' scores.
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

/// What the built-in answerer says.
public struct ExtractiveAnswer: Equatable, Sendable {
    /// The answer, with `[n]` behind each sentence.
    public let content: String
    /// The numbers of the cited passages, in the order of their first citation.
    public let cited: [Int]
    /// False when the passages do not answer the question.
    public let found: Bool

    public init(content: String, cited: [Int], found: Bool) {
        self.content = content
        self.cited = cited
        self.found = found
    }
}

/// Answers questions with sentences of the given passages, without a model.
///
/// It never says anything of its own about the documents: each sentence of an answer is one of a
/// passage, with the white space normalised, and is cited. It refuses when the passages do not
/// hold the words that make the question specific.
public enum ExtractiveAnswerer {
    public enum Mode: String, Sendable {
        /// Greetings and thanks get a reply.
        case chat
        /// Everything is a question to the documents.
        case query
    }

    public static let notFound =
        "The documents do not tell: I found nothing in them that answers this question."

    public static func answer(
        _ question: String, from passages: [EvidencePassage], mode: Mode
    ) -> ExtractiveAnswer {
        if mode == .chat, let reply = SmallTalk.reply(to: question) {
            return ExtractiveAnswer(content: reply, cited: [], found: false)
        }
        let question = Question(question)
        let evidence = Evidence(passages, for: question)
        let ranked = SentenceRanking.rank(evidence, for: question)
        guard !ranked.isEmpty else {
            return ExtractiveAnswer(content: notFound, cited: [], found: false)
        }
        return AnswerComposer.compose(ranked, of: evidence)
    }
}
