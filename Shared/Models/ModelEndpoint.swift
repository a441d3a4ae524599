/// Where a language model is reached, and how it is to be asked.
public struct ModelEndpoint: Sendable {
    /// Of an API like OpenAI's, without a slash at the end: `https://api.example.com/v1`.
    public var baseURL: String
    public var apiKey: String?
    /// The model that is used where neither the workspace nor the message names one.
    public var model: String
    /// Seconds for a whole answer.
    public var timeout = 100
    /// The longest answer, in the model's tokens.
    public var maximumTokens = 1024

    public init(baseURL: String, apiKey: String?, model: String) {
        self.baseURL = baseURL
        self.apiKey = apiKey
        self.model = model
    }
}
