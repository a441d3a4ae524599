import Models
import Wire

/// Why an answer has its sources, or why there is none.
public struct AnswerExplanation: Sendable {
    /// The sources that the answer cites.
    public var sources: [Source]
    /// Why the built-in answerer gave no answer; nil if it did, or if a model answered.
    public var reason: String?
    /// What came nearest to an answer, if there is none.
    public var nearest: Nearest?

    /// A source, by its number in the answer.
    public struct Source: Sendable {
        public var number: Int
        public var explanation: HitExplanation
    }

    /// A passage that is not enough for an answer.
    public struct Nearest: Sendable {
        public var hit: SearchHit
        public var excerpt: String
        public var explanation: HitExplanation
    }
}

extension AnswerExplanation: Shaped {
    public static let shape = Shape<AnswerExplanation>(
        "AnswerExplanation",
        [
            .field("sources", "The sources of the message, in order.") { $0.sources },
            .optional("reason", "Why the built-in answerer gave no answer, in English.") { $0.reason },
            .optional("nearest", "The passage that came nearest to an answer, if there is none.") { $0.nearest },
        ])
}

extension AnswerExplanation.Source: Shaped {
    public static let shape = Shape<AnswerExplanation.Source>(
        "ExplainedSource",
        [
            .field("number", "The number in the answer's citations.") { $0.number },
            .field("explain") { $0.explanation },
        ])
}

extension AnswerExplanation.Nearest: Shaped {
    public static let shape = Shape<AnswerExplanation.Nearest>(
        "NearestPassage",
        [
            .field("documentId") { $0.hit.passage.documentId },
            .field("documentName") { $0.hit.documentName },
            .field("chunkId") { $0.hit.passage.id },
            .field("excerpt", "The sentence that came nearest, or how the passage begins.") { $0.excerpt },
            .field("score", "0 to 1.") { $0.hit.score },
            .field("explain") { $0.explanation },
        ])
}

/// Why the built-in answerer gives no answer.
struct Refusal {
    /// Nil if no sentence has anything in common with the question.
    let nearest: ExtractiveAnswer.Nearest?
    private let hasTopic: Bool

    init(_ answer: ExtractiveAnswer) { (nearest, hasTopic) = (answer.nearest, answer.hasTopic) }

    /// The longest excerpt, in code points.
    private static let longest = 300

    /// - Parameter hits: the passages that the answerer had, in the order of their numbers.
    func hit(among hits: [SearchHit]) -> SearchHit? {
        guard let nearest else { return hits.first }
        return hits.indices.contains(nearest.number - 1) ? hits[nearest.number - 1] : nil
    }

    func excerpt(of hit: SearchHit) -> String {
        let text = nearest?.sentence ?? hit.passage.content
        let start = text.unicodeScalars.prefix(Self.longest)
        return start.endIndex == text.unicodeScalars.endIndex ? text : String(start) + "…"
    }

    /// In English.
    func reason(hasPassages: Bool) -> String {
        guard hasPassages else { return "The search found no passage for the question." }
        guard hasTopic else { return "The question has no word that says what it is about." }
        guard let nearest else {
            return "No sentence of the passages has the words of the question, or means about the same."
        }
        guard !nearest.missing.isEmpty else {
            return "The nearest passage has the words of the question, but no sentence of it answers what was asked."
        }
        let words = nearest.missing.map { "“\($0)”" }.joined(separator: ", ")
        return "The nearest passage does not have what the question asks about: \(words)."
    }
}
