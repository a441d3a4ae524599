import Models

/// A language model of a provider.
public protocol LanguageModel {
    /// The provider's name in `GET /health` and `GET /system/info`.
    var name: String { get }

    /// Completes a conversation, piece by piece.
    ///
    /// - Throws: `APIError` with `LLM_UNAVAILABLE`, before or after the first piece, and the listener's errors.
    func complete(_ request: ModelRequest, to listener: some ModelListener) throws -> Generation

    /// Checks that the provider responds. Takes at most a few seconds.
    ///
    /// - Throws: `APIError` with `LLM_UNAVAILABLE` if it does not respond, fails, or refuses the key.
    func probe() throws
}

/// Receives a completion as it is generated.
public protocol ModelListener: AnyObject {
    /// Whether nobody is waiting for the completion any more.
    var isCancelled: Bool { get }
    /// Called once, before the first piece.
    func begin() throws
    func receive(_ text: String) throws
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
    /// From 0 to 2.
    public var temperature: Double

    public init(model: String, turns: [Turn], temperature: Double) {
        self.model = model
        self.turns = turns
        self.temperature = temperature
    }
}

/// How a completion ended.
public struct Generation: Sendable {
    public var finishReason: Message.FinishReason
    public var usage: TokenUsage

    public init(finishReason: Message.FinishReason, usage: TokenUsage) {
        self.finishReason = finishReason
        self.usage = usage
    }
}
