import Models

/// What answers: the built-in answerer, or a model that somebody serves.
protocol LanguageModel {
    /// Says an answer to the prompt, piece by piece.
    ///
    /// - Throws: `APIError` with `LLM_UNAVAILABLE`, before or after the first piece, and what the
    ///   listener throws.
    func answer(_ prompt: Prompt, to listener: some ModelListener) throws -> Generation
}

/// What takes an answer while it is made.
protocol ModelListener: AnyObject {
    /// Whether nobody waits any more.
    var isCancelled: Bool { get }
    /// The answer begins. It may cite the passages of these numbers, and no others.
    func begin(citing numbers: [Int]) throws
    func say(_ piece: String) throws
}

/// What a model is asked.
struct Prompt {
    var question: String
    /// Numbered from 1, the best first.
    var passages: [EvidencePassage]
    /// Earlier messages of the conversation, the oldest first.
    var history: [Message]
    /// What the workspace says of its task; empty for nothing.
    var instructions: String
    var mode: WorkspaceSettings.ChatMode
    var model: String
    /// 0 to 2.
    var temperature: Double
}

/// How an answer came to its end.
struct Generation {
    var finishReason: Message.FinishReason
    var usage: TokenUsage
}
