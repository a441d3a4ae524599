import Wire

/// Who embeds texts, that is, makes the vectors of semantic search.
public enum EmbeddingConfiguration: Sendable {
    /// Nobody: every search is a keyword search.
    case off
    /// The built-in model.
    ///
    /// - file: nil for the one that belongs to the installation.
    case builtIn(file: String?)
    case remote(EmbeddingService)

    /// Differs where the embedders differ.
    public var name: String {
        switch self {
        case .off: "off"
        case .builtIn(let file): "file \(file ?? "")"
        case .remote(let service): "\(service.model) at \(service.baseURL)"
        }
    }
}

/// An embedding model behind an API like OpenAI's.
///
/// A class, as `ModelConfiguration` is, and for the same reason.
public final class EmbeddingService: Sendable {
    /// The base URL, without a trailing slash and without credentials: `https://api.example.com/v1`.
    public let baseURL: String
    public let apiKey: String?
    public let model: String
    /// The length of vectors to ask for, from models that can shorten them; nil for the model's own.
    public let dimensions: Int?
    public let prefixes: Prefixes
    public let limits: Limits

    /// What models that were trained with them, such as E5, need before each text: `query: ` and `passage: `.
    public struct Prefixes: Equatable, Sendable {
        public var query: String
        public var passage: String

        public init(query: String = "", passage: String = "") {
            self.query = query
            self.passage = passage
        }
    }

    public struct Limits: Sendable {
        /// Seconds for a query, with its retries: somebody waits for it.
        public var query = 5
        /// Seconds for one request with passages.
        public var batch = 60
        /// Texts per request.
        public var texts = 32

        public init() {}
    }

    /// The server's name or address, without the port.
    public var host: String {
        let scheme = "://"
        guard let start = baseURL.firstIndex(ofBytes: scheme) else { return baseURL }
        let authority = baseURL[start...].dropFirst(scheme.utf8.count).prefix(beforeAnyOf: "/")
        // An IPv6 address has colons within its brackets.
        guard let end = authority.lastIndex(ofByte: ":"), authority.lastIndex(ofByte: "]").map({ $0 < end }) ?? true
        else { return String(authority) }
        return String(authority[..<end])
    }

    public init(
        baseURL: String, apiKey: String? = nil, model: String, dimensions: Int? = nil, prefixes: Prefixes = Prefixes(),
        limits: Limits = Limits()
    ) {
        self.baseURL = baseURL
        self.apiKey = apiKey
        self.model = model
        self.dimensions = dimensions
        self.prefixes = prefixes
        self.limits = limits
    }
}

/// A model that judges how well passages answer a query, behind an API like Jina's and Cohere's.
public final class RerankService: Sendable {
    /// The base URL, without a trailing slash and without credentials: `https://api.jina.ai/v1`.
    public let baseURL: String
    public let apiKey: String?
    public let model: String
    /// Seconds for all passages of a search, with retries.
    public let seconds: Int
    /// How many of the best passages it judges; more if more results are wanted.
    public let candidates: Int

    public init(baseURL: String, apiKey: String? = nil, model: String, seconds: Int? = nil, candidates: Int? = nil) {
        self.baseURL = baseURL
        self.apiKey = apiKey
        self.model = model
        self.seconds = seconds ?? 3
        self.candidates = candidates ?? 50
    }
}
