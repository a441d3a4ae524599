import Glibc
import Models
import Outbound
import Platform
import Synchronization
import Wire

/// A model that scores documents against a query, through `POST {base}/rerank` in the form that Jina, Cohere, vLLM and
/// llama.cpp share, or in that of Hugging Face's Text Embeddings Inference (TEI), which is found out by asking.
/// https://jina.ai/reranker/ https://docs.cohere.com/reference/rerank
/// https://huggingface.github.io/text-embeddings-inference/
public final class RerankClient: Sendable {
    /// The provider's name in responses.
    public static let providerName = "rerank-api"

    private let service: RerankService
    private let http: HTTPService
    private let learned = Mutex(Learned())
    private let pause = Pause()

    private struct Learned {
        /// Whether the server calls the documents `texts`, as TEI does.
        var wantsTexts = false
        /// How many documents the server takes at once.
        var documents = Int.max
    }

    public init(_ service: RerankService) {
        self.service = service
        http = HTTPService(
            baseURL: service.baseURL, apiKey: service.apiKey,
            errors: ProviderErrors(subject: "reranker", content: "text", apiKey: service.apiKey))
    }

    private static let attempts = 2
    private static let cuts = 4
    private static let largestShare = 0.85

    /// Scores documents, in `RerankService.seconds` in all. After a failure, calls of the next seconds fail at once.
    ///
    /// Some servers answer with probabilities, others with logits, for which 0 is even odds. If any score of the call
    /// is outside 0…1, all are taken for logits and mapped by the logistic function, which keeps their order.
    ///
    /// - Parameter isCancelled: called at least every 50 ms; true ends the request with `OutboundError.cancelled`.
    /// - Returns: a score from 0 to 1 for each document, in their order.
    /// - Throws: `APIError` with `LLM_UNAVAILABLE` or `LLM_REJECTED`; `OutboundError.cancelled`.
    public func scores(
        of documents: [String], for query: String, isCancelled: (() -> Bool)? = nil
    ) throws -> [Double] {
        if documents.isEmpty { return [] }
        let attempts = Attempts(
            maximum: Self.attempts, attemptTime: service.seconds * 1000, deadline: Moment.now + service.seconds,
            variable: "RERANK_SECONDS", isCancelled: isCancelled)
        do {
            let scores = try pause.run { try self.scores(of: documents[...], for: query, attempts) }
            return Self.probabilities(scores)
        } catch let failure as ProviderFailure {
            throw http.errors.error(failure)
        } catch let error as OutboundError where error != .cancelled {
            throw http.errors.error(error)
        }
    }

    /// Checks that the service responds. Takes at most a few seconds.
    ///
    /// - Throws: `APIError` if it does not respond, fails, or refuses the key.
    public func probe() throws { try http.probe() }

    static func probabilities(_ scores: [Double]) -> [Double] {
        if scores.allSatisfy((0...1).contains) { return scores }
        return scores.map { 1 / (1 + exp(-$0)) }
    }

    // MARK: Batches

    private func scores(
        of documents: ArraySlice<String>, for query: String, _ attempts: Attempts
    ) throws -> [Double] {
        var scores: [Double] = []
        while scores.count < documents.count {
            let limit = learned.withLock { $0.documents }
            scores += try batch(Array(documents.dropFirst(scores.count).prefix(limit)), query, attempts)
        }
        return scores
    }

    private func batch(_ batch: [String], _ query: String, _ attempts: Attempts) throws -> [Double] {
        var documents = batch
        var cuts = 0
        while true {
            let wantsTexts = learned.withLock { $0.wantsTexts }
            do {
                return try attempts.run {
                    try request(query, documents, wantsTexts: wantsTexts, attempts, milliseconds: $0)
                }
            } catch ProviderFailure.status(let status, _, let message) where message.isAboutSize(status) {
                if !wantsTexts, message.misses("texts") {
                    learned.withLock { $0.wantsTexts = true }
                } else if message.isContextTooLong, cuts < Self.cuts {
                    cuts += 1
                    let share = message.fittingShare(atMost: Self.largestShare)
                    guard let shorter = Self.cutLongest(of: documents, to: share) else {
                        throw ProviderFailure.status(status, retryAfter: nil, message)
                    }
                    documents = shorter
                } else if documents.count > 1 {
                    let half = (documents.count + 1) / 2
                    let scores = try [documents[..<half], documents[half...]].flatMap {
                        try self.scores(of: $0, for: query, attempts)
                    }
                    learned.withLock { $0.documents = min($0.documents, half) }
                    return scores
                } else {
                    throw ProviderFailure.status(status, retryAfter: nil, message)
                }
            }
        }
    }

    /// Cuts all documents to `share` of the longest one; nil if nothing would remain.
    private static func cutLongest(of documents: [String], to share: Double) -> [String]? {
        let longest = Double(documents.reduce(0) { max($0, $1.utf8.count) }) * share
        guard longest >= 1 else { return nil }
        return documents.map { text in
            let length = Double(text.utf8.count)
            return length > longest ? text.cut(to: longest / length) ?? text : text
        }
    }

    private func request(
        _ query: String, _ documents: [String], wantsTexts: Bool, _ attempts: Attempts, milliseconds: Int
    ) throws -> [Double] {
        var writer = JSONWriter()
        writer.object { body in
            body.key("model")
            body.value(service.model)
            body.key("query")
            body.value(query)
            body.key(wantsTexts ? "texts" : "documents")
            body.array { list in for document in documents { list.value(document) } }
            if wantsTexts {
                body.key("truncate")
                body.value(true)
            } else {
                body.key("top_n")
                body.value(documents.count)
            }
        }
        let body = try http.post(
            "/rerank", Array(writer.buffer.bytes), milliseconds: milliseconds, isCancelled: attempts.isCancelled)
        return try RerankAnswer.scores(in: body, count: documents.count)
    }
}
