import Models
import Providers

/// Answers a prompt: the built-in answerer, or a language model.
protocol Answerer {
    /// - Throws: `APIError` with `LLM_UNAVAILABLE`, before or after the first piece, and what the sink throws.
    func answer(_ prompt: Prompt, to sink: some AnswerSink) throws -> Generation
}

/// Receives an answer while it is made.
protocol AnswerSink: AnyObject {
    /// Whether nobody waits for the answer any more.
    var isCancelled: Bool { get }
    /// Called once, before the first piece. The answer may cite the passages of these numbers, and no others.
    func begin(citing numbers: [Int]) throws
    func say(_ piece: String) throws
}

/// A question with all that its answer depends on.
struct Prompt {
    var question: String
    /// Numbered from 1, the best first.
    var passages: [EvidencePassage]
    /// Earlier messages of the conversation, the oldest first.
    var history: [Message]
    /// The workspace's system prompt; empty for none.
    var instructions: String
    var mode: WorkspaceSettings.ChatMode
    /// Empty for the built-in answerer.
    var model: String
    /// From 0 to 2.
    var temperature: Double
}
