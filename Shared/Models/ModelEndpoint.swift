/// Where a language model is reached, and how it is to be asked.
///
/// A class, because every function's configuration has room for one: the type of an optional structure of this size
/// would be made at each start.
public final class ModelEndpoint: Sendable {
    /// Of an API like OpenAI's, without a slash at the end: `https://api.example.com/v1`.
    public let baseURL: String
    public let apiKey: String?
    /// The model that is used where neither the workspace nor the message names one.
    public let model: String
    /// Seconds for a whole answer.
    public let timeout: Int
    /// The longest answer, in the model's tokens.
    public let maximumTokens: Int

    public init(baseURL: String, apiKey: String?, model: String, timeout: Int?, maximumTokens: Int?) {
        self.baseURL = baseURL
        self.apiKey = apiKey
        self.model = model
        self.timeout = timeout ?? 100
        self.maximumTokens = maximumTokens ?? 1024
    }
}
