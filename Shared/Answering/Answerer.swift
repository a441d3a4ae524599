import Models
import Providers

/// Answers a prompt: the built-in answerer, or a language model.
protocol Answerer {
    /// - Throws: `APIError` with `LLM_UNAVAILABLE` or `LLM_REJECTED`, before or after the first piece, and the sink's
    ///   errors.
    func answer(_ prompt: Prompt, to sink: some AnswerSink) throws -> Generation
}

/// Receives an answer as it is generated.
protocol AnswerSink: AnyObject {
    /// Called for each piece, and at least every 50 ms while a language model is awaited. Returns false if nobody waits
    /// for the answer any more.
    func keepWaiting() -> Bool
    /// Called before the first piece; called again if the answer may cite fewer passages than announced. The answer
    /// may cite only the passages with these numbers.
    func begin(citing numbers: [Int]) throws
    func say(_ piece: String) throws
    /// The answer says that there is none.
    func refuse(_ refusal: Refusal)
    /// What was said so far is not part of the answer.
    func startOver() throws
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
    /// From 0 to 2; nil for the model's own.
    var temperature: Double?
    /// What is known about the model.
    var quirks: Set<ModelQuirk> = []
}
