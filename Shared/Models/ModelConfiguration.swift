/// The language model's address, and the limits of a request to it.
///
/// A class, because every function's configuration has an optional one: for a structure of this size, Swift would build
/// the optional's type at each start.
public final class ModelConfiguration: Sendable {
    /// The base URL of an OpenAI-compatible API, without a trailing slash: `https://api.example.com/v1`.
    public let baseURL: String
    public let apiKey: String?
    /// The default, if neither the workspace nor the message names a model.
    public let model: String
    public let limits: Limits
    /// The maximum length of an answer, in the model's tokens.
    public let maximumTokens: Int

    /// How long the model may take, in seconds.
    public struct Limits: Sendable {
        /// Until the first token, which may be one of its reasoning.
        public var firstToken = 60
        /// Between two tokens.
        public var silence = 30
        /// For the whole answer.
        public var total = 600

        /// What a request takes beside the answer: search, storage, and sending.
        private static let slack = 20

        public init() {}

        /// How long a gateway must wait for the response.
        public var gateway: Int { total + Self.slack }
    }

    public init(baseURL: String, apiKey: String?, model: String, limits: Limits = Limits(), maximumTokens: Int?) {
        self.baseURL = baseURL
        self.apiKey = apiKey
        self.model = model
        self.limits = limits
        self.maximumTokens = maximumTokens ?? 1024
    }
}
