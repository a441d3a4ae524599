import Models
import Providers

/// Answers a prompt: the built-in answerer, or a language model.
protocol Answerer {
    /// - Throws: `APIError` with `LLM_UNAVAILABLE`, before or after the first piece, and the sink's errors.
    func answer(_ prompt: Prompt, to sink: some AnswerSink) throws -> Generation
}

/// Receives an answer as it is generated.
protocol AnswerSink: AnyObject {
    /// Whether nobody is waiting for the answer any more.
    var isCancelled: Bool { get }
    /// Called once, before the first piece. The answer may cite only the passages with these numbers.
    func begin(citing numbers: [Int]) throws
    func say(_ piece: String) throws
}

/// A question with everything its answer depends on.
struct Prompt {
    var question: String
    /// Numbered from 1, best first.
    var passages: [EvidencePassage]
    /// Earlier messages of the conversation, oldest first.
    var history: [Message]
    /// The workspace's system prompt; empty for none.
    var instructions: String
    var mode: WorkspaceSettings.ChatMode
    /// Empty for the built-in answerer.
    var model: String
    /// From 0 to 2.
    var temperature: Double
}
