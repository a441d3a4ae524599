import Models
import Outbound
import Platform
import Synchronization
import Wire

/// An embedding model that is reached through OpenAI's embeddings API, which many servers implement:
/// `POST {base}/embeddings`. https://platform.openai.com/docs/api-reference/embeddings
///
/// Servers differ in how many texts they take at once and how long these may be. A request that is too large is sent
/// again in halves, and a text that is too long is cut, so that it is found by its beginning.
public final class EmbeddingsClient: Sendable {
    /// The provider's name in responses.
    public static let providerName = "openai-compatible"

    private let service: EmbeddingService
    private let http: HTTPService
    private let isCancelled: (@Sendable () -> Bool)?
    private let learned: Mutex<Learned>
    private let pause = Pause()

    private struct Learned {
        var dimensions: Int?
        /// How many texts the server takes at once.
        var texts = Int.max
    }

    /// - Parameter isCancelled: called at least every 50 ms during a request; true ends it with
    ///   `OutboundError.cancelled`.
    public init(_ service: EmbeddingService, isCancelled: (@Sendable () -> Bool)? = nil) {
        self.service = service
        self.isCancelled = isCancelled
        learned = Mutex(Learned(dimensions: service.dimensions))
        http = HTTPService(
            baseURL: service.baseURL, apiKey: service.apiKey,
            errors: ProviderErrors(subject: "embedding model", content: "text", apiKey: service.apiKey))
    }

    /// Bytes of text per request, unless a single text has more.
    private static let batchSize = 512 << 10
    private static let attempts = 4
    /// One request may take this many times as long as one attempt of it.
    private static let patience = 2
    /// Seconds for all passages of a call. The job that embeds has a lease of three minutes.
    private static let callSeconds = 160
    private static let queryAttempts = 2
    /// How often a text that is too long is cut.
    private static let cuts = 8
    private static let largestShare = 0.85

    /// The dimensions of the model's vectors: those that the service is asked for, otherwise those of its first answer;
    /// nil before that.
    public var dimensions: Int? { learned.withLock { $0.dimensions } }

    /// Embeds queries, for each of which somebody waits: in `EmbeddingService.Limits.query` seconds in all. After a
    /// failure, queries of the next seconds fail at once.
    ///
    /// - Returns: a vector of length 1 for each text.
    /// - Throws: `APIError` with `LLM_UNAVAILABLE` or `LLM_REJECTED`; `OutboundError.cancelled`.
    public func embedQueries(_ texts: [String]) throws -> [[Float]] {
        let deadline = Moment.now + service.limits.query
        return try reporting {
            try pause.run {
                try embed(texts, after: service.prefixes.query) {
                    Attempts(
                        maximum: Self.queryAttempts, attemptTime: service.limits.query * 1000, deadline: deadline,
                        variable: "EMBEDDING_QUERY_SECONDS", isCancelled: isCancelled)
                }
            }
        }
    }

    /// Embeds passages, as many per request as the server takes, in less than three minutes. Returns and throws as
    /// `embedQueries` does.
    public func embedPassages(_ texts: [String]) throws -> [[Float]] {
        try embedPassages(texts, seconds: Self.callSeconds)
    }

    /// - Parameter seconds: for all requests and their repetitions.
    func embedPassages(_ texts: [String], seconds: Int) throws -> [[Float]] {
        let end = Moment.now + seconds
        return try reporting {
            try embed(texts, after: service.prefixes.passage) {
                Attempts(
                    maximum: Self.attempts, attemptTime: service.limits.batch * 1000,
                    deadline: min(end, Moment.now + Self.patience * service.limits.batch),
                    variable: "EMBEDDING_BATCH_SECONDS", isCancelled: isCancelled)
            }
        }
    }

    /// Converts failures to errors of the API.
    private func reporting(_ body: () throws -> [[Float]]) throws -> [[Float]] {
        do {
            return try body()
        } catch let failure as ProviderFailure {
            throw http.errors.error(failure)
        } catch let error as OutboundError where error != .cancelled {
            throw http.errors.error(error)
        }
    }

    /// Checks that the provider responds. Takes at most a few seconds.
    ///
    /// - Throws: `APIError` if it does not respond, fails, or refuses the key.
    public func probe() throws { try http.probe() }

    // MARK: Batches

    private func embed(_ texts: [String], after prefix: String, _ attempts: () -> Attempts) throws -> [[Float]] {
        // Servers refuse empty texts, and blanks have no tokens.
        let texts = texts.map { text in
            let whole = prefix + text
            return whole.utf8.allSatisfy { $0 <= 0x20 } ? "." : whole
        }
        return try embedBatches(of: texts[...], attempts)
    }

    private func embedBatches(of texts: ArraySlice<String>, _ attempts: () -> Attempts) throws -> [[Float]] {
        var vectors: [[Float]] = []
        while vectors.count < texts.count {
            vectors += try embedBatch(batch(of: texts.dropFirst(vectors.count)), attempts)
        }
        return vectors
    }

    /// The beginning of the texts that goes into one request.
    private func batch(of texts: ArraySlice<String>) -> ArraySlice<String> {
        let limit = min(service.limits.texts, learned.withLock { $0.texts })
        var size = 0
        var end = texts.startIndex
        while end < texts.endIndex, end - texts.startIndex < limit {
            size += texts[end].utf8.count
            if size > Self.batchSize, end > texts.startIndex { break }
            end += 1
        }
        return texts[..<end]
    }

    private func embedBatch(_ texts: ArraySlice<String>, _ attempts: () -> Attempts) throws -> [[Float]] {
        let pending = attempts()
        var batch = Array(texts)
        var cuts = 0
        while true {
            do {
                return try pending.run { try request(batch, milliseconds: $0) }
            } catch ProviderFailure.status(let status, _, let message) where message.isAboutSize(status) {
                guard batch.count == 1 else {
                    let half = (batch.count + 1) / 2
                    let vectors = try [texts.prefix(half), texts.dropFirst(half)].flatMap {
                        try embedBatches(of: $0) { pending }
                    }
                    // Not before the halves have succeeded: one text of theirs may have been the reason.
                    if !message.isContextTooLong { learned.withLock { $0.texts = min($0.texts, half) } }
                    return vectors
                }
                guard message.isContextTooLong || status == 413, cuts < Self.cuts,
                    let shorter = batch[0].cut(to: message.fittingShare(atMost: Self.largestShare))
                else { throw ProviderFailure.status(status, retryAfter: nil, message) }
                batch = [shorter]
                cuts += 1
            }
        }
    }

    private func request(_ texts: [String], milliseconds: Int) throws -> [[Float]] {
        var writer = JSONWriter()
        writer.object { body in
            body.key("model")
            body.value(service.model)
            body.key("input")
            body.array { input in for text in texts { input.value(text) } }
            if let dimensions = service.dimensions {
                body.key("dimensions")
                body.value(dimensions)
            }
        }
        let body = try http.post(
            "/embeddings", Array(writer.buffer.bytes), milliseconds: milliseconds, isCancelled: isCancelled)
        let vectors = try EmbeddingsAnswer.vectors(in: body, count: texts.count)
        let dimensions = vectors.first?.count ?? 0
        let known = learned.withLock { learned in
            if learned.dimensions == nil { learned.dimensions = dimensions }
            return learned.dimensions
        }
        if let known, known != dimensions {
            throw ProviderFailure.malformed("vectors of \(dimensions) dimensions instead of \(known)")
        }
        return vectors
    }
}
