/// Where a language model is, and the limits of a request to it.
///
/// A class, because every function's configuration has an optional one: Swift would build the type of an optional
/// structure of this size at each start.
public final class ModelConfiguration: Sendable {
    /// The base of an API like OpenAI's, without a slash at the end: `https://api.example.com/v1`.
    public let baseURL: String
    public let apiKey: String?
    /// The default, where neither the workspace nor the message names a model.
    public let model: String
    /// Seconds for a whole answer.
    public let timeout: Int
    /// The longest answer, in tokens of the model.
    public let maximumTokens: Int

    public init(baseURL: String, apiKey: String?, model: String, timeout: Int?, maximumTokens: Int?) {
        self.baseURL = baseURL
        self.apiKey = apiKey
        self.model = model
        self.timeout = timeout ?? 100
        self.maximumTokens = maximumTokens ?? 1024
    }
}
