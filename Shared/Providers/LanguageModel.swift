import Models

/// A language model of a provider.
public protocol LanguageModel {
    /// The provider's name in `GET /health` and `GET /system/info`.
    var name: String { get }

    /// Completes a conversation, piece by piece.
    ///
    /// - Throws: `APIError` with `LLM_UNAVAILABLE` or `LLM_REJECTED`, before or after the first piece; `ContextTooLong`
    ///   before it; and the listener's errors.
    func complete(_ request: ModelRequest, to listener: some ModelListener) throws -> Generation

    /// Checks that the provider responds. Takes at most a few seconds.
    ///
    /// - Throws: `APIError` if it does not respond, fails, or refuses the key.
    func probe() throws
}

/// Receives a completion as it is generated.
public protocol ModelListener: AnyObject {
    /// Called at least every 50 ms. Returns false if nobody waits for the completion any more.
    func keepWaiting() -> Bool
    /// Takes a piece of the answer, without the model's reasoning.
    func receive(_ text: String) throws
    /// What came so far was the model's reasoning; the answer begins now.
    func startOver() throws
}

/// A conversation for a model to complete.
public struct ModelRequest: Sendable {
    public enum Role: String, Sendable { case system, user, assistant }

    public struct Turn: Sendable {
        public var role: Role
        public var content: String

        public init(role: Role, content: String) {
            self.role = role
            self.content = content
        }
    }

    public var model: String
    /// The system turn, if any, comes first. The last turn is the user's.
    public var turns: [Turn]
    /// From 0 to 2; nil for the model's own.
    public var temperature: Double?
    /// What is known about the model from earlier requests.
    public var quirks: Set<ModelQuirk>
    /// The time that earlier attempts took, which counts towards the limit of the whole answer.
    public var millisecondsUsed: Int64 = 0

    public init(model: String, turns: [Turn], temperature: Double? = nil, quirks: Set<ModelQuirk> = []) {
        self.model = model
        self.turns = turns
        self.temperature = temperature
        self.quirks = quirks
    }

    /// The size of all turns in bytes.
    public var size: Int { turns.reduce(0) { $0 + $1.content.utf8.count } }
}

/// How a completion ended.
public struct Generation: Sendable {
    public var finishReason: Message.FinishReason
    public var usage: TokenUsage
    /// What is known about the model now.
    public var quirks: Set<ModelQuirk>

    public init(finishReason: Message.FinishReason, usage: TokenUsage, quirks: Set<ModelQuirk> = []) {
        self.finishReason = finishReason
        self.usage = usage
        self.quirks = quirks
    }
}

/// A way in which a model, or its server, differs from OpenAI's chat API. Raw values are stored.
public enum ModelQuirk: String, CaseIterable, Sendable {
    /// Accepts no `max_tokens`. Gets `max_completion_tokens` instead, unless it refuses that too.
    case noMaximumTokens = "max_tokens"
    case noMaximumCompletionTokens = "max_completion_tokens"
    case noTemperature = "temperature"
    /// Accepts no system turn. Its text begins the first turn of the user instead.
    case noSystemRole = "system"
    case noStreamOptions = "stream_options"
    case noStreaming = "stream"
    /// Begins with its reasoning, without the tag that opens it.
    case startsInReasoning = "reasoning"
    /// Did so once. It may have been an answer about such tags, so an answer that is cut off is not taken for reasoning.
    case mayStartInReasoning = "reasoning_once"
}

/// The conversation does not fit into the model's context.
public struct ContextTooLong: Error {
    /// The share of the conversation that should fit, from 0 to 1.
    public var share: Double
    /// The time that the attempt took, with earlier ones.
    public var millisecondsUsed: Int64
    /// What to report if it cannot be shortened.
    public var error: APIError
}
