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
    /// The time limit for a whole answer, in seconds.
    public let timeout: Int
    /// The maximum length of an answer, in the model's tokens.
    public let maximumTokens: Int

    public init(baseURL: String, apiKey: String?, model: String, timeout: Int?, maximumTokens: Int?) {
        self.baseURL = baseURL
        self.apiKey = apiKey
        self.model = model
        self.timeout = timeout ?? 100
        self.maximumTokens = maximumTokens ?? 1024
    }
}
