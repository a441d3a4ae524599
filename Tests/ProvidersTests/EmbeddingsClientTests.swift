import Models
import Outbound
import Testing

@testable import Providers

/// Embedding through the real `curl` and a real server.
struct EmbeddingsClientTests {
    private let server: ServiceServer

    init() throws { server = try ServiceServer() }

    private func client(
        _ model: String, dimensions: Int? = nil, prefixes: EmbeddingService.Prefixes = .init(),
        _ change: (inout EmbeddingService.Limits) -> Void = { _ in }, isCancelled: (@Sendable () -> Bool)? = nil
    ) -> EmbeddingsClient {
        var limits = EmbeddingService.Limits()
        change(&limits)
        return EmbeddingsClient(
            EmbeddingService(
                baseURL: server.base, apiKey: ServiceServer.key, model: model, dimensions: dimensions,
                prefixes: prefixes, limits: limits), isCancelled: isCancelled)
    }

    /// What the server makes of a text, in length 1.
    private func expected(_ text: String) -> [Float] {
        let vector = [Float(text.utf8.count), 1, Float(text.unicodeScalars.first?.value ?? 0)]
        let length = vector.reduce(0) { $0 + $1 * $1 }.squareRoot()
        return vector.map { $0 / length }
    }

    private func expect(_ vectors: [[Float]], for texts: [String], _ comment: Comment? = nil) {
        #expect(vectors.count == texts.count, comment)
        for (vector, text) in zip(vectors, texts) {
            #expect(zip(vector, expected(text)).allSatisfy { abs($0 - $1) < 1e-6 } && vector.count == 3, comment)
        }
    }

    @Test(arguments: ["good", "base64", "bare", "unnumbered"])
    func everyFormOfAnAnswerIsRead(_ model: String) throws {
        let texts = ["wide", "über", "😀 \"quoted\" \\ text\n"]
        expect(try client(model).embedPassages(texts), for: texts)
    }

    @Test func aRequestSaysWhatTheSettingsSay() throws {
        let prefixes = EmbeddingService.Prefixes(query: "query: ", passage: "passage: ")
        let client = client("good", dimensions: 3, prefixes: prefixes)
        #expect(client.dimensions == 3)
        expect(try client.embedQueries(["how"]), for: ["query: how"])
        expect(try client.embedPassages(["so", ""]), for: ["passage: so", "passage: "])
        let requests = server.requests
        #expect(requests.map(\.input) == [["query: how"], ["passage: so", "passage: "]])
        #expect(requests.allSatisfy { $0.path == "/v1/embeddings" && $0.model == "good" && $0.dimensions == 3 })
        #expect(requests.allSatisfy { $0.authorization == "Bearer \(ServiceServer.key)" })
    }

    /// Servers refuse them.
    @Test func emptyTextsAreReplaced() throws {
        expect(try client("good").embedPassages(["", " \n", "a"]), for: [".", ".", "a"])
        #expect(try client("good").embedPassages([]).isEmpty)
    }

    @Test func textsGoInBatches() throws {
        let texts = (0..<7).map { "text \($0)" }
        expect(try client("good") { $0.texts = 3 }.embedPassages(texts), for: texts)
        #expect(server.requests.map { $0.input?.count } == [3, 3, 1])
    }

    @Test func batchesHaveALimitOfBytes() throws {
        let texts = [300_000, 200_000, 300_000, 600_000, 10].map { String(repeating: "x", count: $0) }
        expect(try client("good").embedPassages(texts), for: texts)
        #expect(server.requests.map { $0.input?.count } == [2, 1, 1, 1])
    }

    @Test func aServerThatTakesFewerTextsGetsFewer() throws {
        let texts = (0..<10).map { "text \($0)" }
        let client = client("few")
        expect(try client.embedPassages(texts), for: texts)
        #expect(server.requests.map { $0.input?.count } == [10, 5, 3, 2, 3, 2])
        expect(try client.embedPassages(texts), for: texts)
        #expect(server.requests.dropFirst(6).map { $0.input?.count } == [3, 3, 3, 1])
    }

    @Test func textsThatAreTooLongAreCut() throws {
        let texts = ["short", String(repeating: "ü", count: 1000)]
        let vectors = try client("short").embedPassages(texts)
        #expect(vectors.count == 2)
        let last = try #require(server.requests.last?.input?.first)
        #expect(last.unicodeScalars.allSatisfy { $0 == "ü" } && (256...512).contains(last.unicodeScalars.count))
    }

    /// One text of many is refused: the others must not go one by one from then on.
    @Test func aRefusedTextDoesNotShrinkBatches() throws {
        let client = client("picky")
        let error = #expect(throws: APIError.self) { try client.embedPassages(["a", "b", "bad", "c"]) }
        #expect(error?.code == .modelRejected)
        let before = server.requests.count
        _ = try client.embedPassages(["a", "b", "c", "d"])
        #expect(server.requests.count == before + 1)
    }

    // MARK: Failures

    @Test(arguments: ["flaky", "limited", "dropped"])
    func whatFailsForAWhileIsRepeated(_ model: String) throws {
        expect(try client(model).embedPassages(["a"]), for: ["a"])
        #expect(server.requests.count == (model == "flaky" ? 3 : 2))
    }

    /// What is no number of seconds (RFC 9110 section 10.2.3) counts as not said.
    @Test(arguments: ["-9223372036854775808", "-1", "+1", "1e9", "1.5", "soon", "Wed, 21 Oct 2015 07:28:00 GMT"])
    func aSenselessRetryAfterIsIgnored(_ wait: String) throws {
        expect(try client("asking").embedPassages([wait]), for: [wait])
        #expect(server.requests.count == 2)
    }

    @Test func aLongRetryAfterIsNotAwaited() throws {
        let forever = String(repeating: "9", count: 30)
        let error = try #require(throws: APIError.self) { try client("asking").embedPassages([forever]) }
        #expect(error.code == .modelUnavailable && server.requests.count == 1)
        #expect(error.headers.contains { $0.name == "retry-after" && $0.value == "3600" })
    }

    /// However many requests it takes: a job that embeds loses its lease otherwise.
    @Test func allPassagesOfACallHaveOneLimitOfTime() throws {
        let start = ContinuousClock.now
        let error = #expect(throws: APIError.self) {
            try client("steady") { $0.texts = 1 }.embedPassages((0..<20).map { "text \($0)" }, seconds: 2)
        }
        #expect(error?.code == .modelUnavailable)
        #expect((2...4).contains(server.requests.count) && ContinuousClock.now - start < .seconds(5))
    }

    @Test(arguments: [
        ("later", APIError.Code.modelUnavailable, "overloaded", 1),
        ("refused", .modelRejected, "refused the installation's key", 1),
        ("nothing", .modelRejected, "does not know the model", 1),
    ])
    func whatFailsForGoodIsNot(_ model: String, _ code: APIError.Code, _ words: String, _ requests: Int) throws {
        let error = try #require(throws: APIError.self) { try client(model) { $0.query = 2 }.embedQueries(["a"]) }
        #expect(error.code == code && error.message.contains(words) && error.message.contains("embedding model"))
        #expect(!error.message.contains(ServiceServer.key) && error.cause?.contains(ServiceServer.key) == false)
        #expect(server.requests.count == requests)
        if model == "later" { #expect(error.headers.contains { $0.name == "retry-after" && $0.value == "120" }) }
    }

    @Test func queriesHaveALimitOfTime() throws {
        let start = ContinuousClock.now
        let client = client("slow") { $0.query = 1 }
        // The second one does not wait for what has just failed.
        for text in ["a", "b"] {
            let error = #expect(throws: APIError.self) { try client.embedQueries([text]) }
            #expect(error?.cause?.contains("EMBEDDING_QUERY_SECONDS") == true)
        }
        #expect(server.requests.count == 1)
        #expect(ContinuousClock.now - start < .seconds(3))
    }

    @Test func cancellationEndsIt() throws {
        for model in ["slow", "limited"] {
            #expect(throws: OutboundError.cancelled) {
                try client(model, isCancelled: { true }).embedPassages(["a"])
            }
        }
    }

    @Test func withoutAServerItIsUnavailable() throws {
        let client = EmbeddingsClient(
            EmbeddingService(
                baseURL: "http://127.0.0.1:1", model: "m",
                limits: {
                    var limits = EmbeddingService.Limits()
                    limits.query = 1
                    return limits
                }()))
        #expect(throws: APIError.self) { try client.embedQueries(["a"]) }
        #expect(throws: APIError.self) { try client.probe() }
        try self.client("good").probe()
    }

    @Test(arguments: [
        ("page", "no JSON"), ("empty", "no list of vectors"), ("lost", "1 vectors for 2 texts"),
        ("more", "3 vectors for 2 texts"), ("twice", "two vectors for one text"), ("beyond", "a vector for no text"),
        ("null", "no number"), ("huge", "not finite"), ("nan", "not finite"), ("zero", "zero"),
        ("none", "0 dimensions"), ("text", "0 dimensions"), ("odd", "0 dimensions"), ("tokens", "must pool"),
        ("uneven", "different dimensions"),
    ])
    func otherAnswersAreNone(_ model: String, _ words: String) throws {
        let error = try #require(throws: APIError.self) { try client(model).embedPassages(["a", "b"]) }
        // The same passages would get the same vectors again.
        let isLasting = ["null", "huge", "nan", "zero"].contains(model)
        #expect(error.code == (isLasting ? .modelRejected : .modelUnavailable))
        #expect(error.cause?.contains(words) == true, "\(error.cause ?? "")")
        #expect(server.requests.count == 1)
    }

    @Test func anErrorInsteadOfVectorsHasItsStatus() throws {
        let error = #expect(throws: APIError.self) { try client("error").embedPassages(["a"]) }
        #expect(error?.code == .modelRejected)
    }

    @Test func dimensionsDoNotChange() throws {
        let growing = client("growing")
        _ = try growing.embedPassages(["a"])
        let error = #expect(throws: APIError.self) { try growing.embedPassages(["a"]) }
        #expect(error?.cause?.contains("3 dimensions instead of 2") == true)
        let fixed = #expect(throws: APIError.self) { try client("good", dimensions: 4).embedPassages(["a"]) }
        #expect(fixed?.cause?.contains("3 dimensions instead of 4") == true)
    }
}
