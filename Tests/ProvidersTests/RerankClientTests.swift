import Models
import Testing

@testable import Providers

/// Reranking through the real `curl` and a real server.
struct RerankClientTests {
    private let server: ServiceServer

    init() throws { server = try ServiceServer() }

    private func client(_ model: String, seconds: Int? = nil) -> RerankClient {
        RerankClient(
            RerankService(baseURL: server.base, apiKey: ServiceServer.key, model: model, seconds: seconds))
    }

    private static let documents = ["a", String(repeating: "b", count: 50), "ccc"]
    private static let plain = [0.01, 0.5, 0.03]

    @Test(arguments: ["jina", "tei", "voyage"])
    func everyFormOfAnAnswerIsRead(_ model: String) throws {
        #expect(try client(model).scores(of: Self.documents, for: "q") == Self.plain)
    }

    @Test func aRequestHasTheCommonForm() throws {
        _ = try client("jina").scores(of: Self.documents, for: "how?")
        let request = try #require(server.requests.first)
        #expect((request.path, request.model, request.query) == ("/v1/rerank", "jina", "how?"))
        #expect(request.documents == Self.documents && request.top_n == 3 && request.texts == nil)
        #expect(request.authorization == "Bearer \(ServiceServer.key)")
        #expect(try client("jina").scores(of: [], for: "q").isEmpty)
        #expect(server.requests.count == 1)
    }

    @Test func whatTheServerWantsIsRemembered() throws {
        let client = client("tei")
        let documents = (1...5).map { String(repeating: "x", count: $0) }
        let expected = documents.map { Double($0.utf8.count) / 100 }
        #expect(try client.scores(of: documents, for: "q") == expected)
        #expect(server.requests.map { ($0.texts ?? $0.documents)?.count } == [5, 5, 3, 2])
        #expect(try client.scores(of: documents, for: "q") == expected)
        #expect(server.requests.dropFirst(4).map { $0.texts?.count } == [3, 2])
    }

    @Test func logitsBecomeProbabilities() throws {
        let scores = try client("logits").scores(of: Self.documents, for: "q")
        #expect(zip(scores, [0.1301, 0.9526, 0.1545]).allSatisfy { abs($0 - $1) < 1e-4 }, "\(scores)")
        #expect(RerankClient.probabilities([0, 1, 0.5]) == [0, 1, 0.5])
        #expect(RerankClient.probabilities([-1e9, 0, 1e9]) == [0, 0.5, 1])
    }

    @Test func documentsThatAreTooLongAreCut() throws {
        let documents = ["short", String(repeating: "ü", count: 2000)]
        let scores = try client("narrow").scores(of: documents, for: "q")
        #expect(scores[0] == 0.005 && scores[1] > 0.2)
        let last = try #require(server.requests.last?.documents)
        #expect(last[0] == "short" && last[1].unicodeScalars.allSatisfy { $0 == "ü" })
    }

    @Test(arguments: [
        ("page", "no JSON"), ("empty", "no list of scores"), ("top", "1 scores for 3 documents"),
        ("same", "two scores"), ("words", "no number"), ("outside", "no document"),
    ])
    func otherAnswersAreNone(_ model: String, _ words: String) throws {
        let error = try #require(throws: APIError.self) {
            try client(model).scores(of: Self.documents, for: "q")
        }
        #expect(error.code == .modelUnavailable && error.message.contains("reranker"))
        #expect(error.cause?.contains(words) == true, "\(error.cause ?? "")")
    }

    @Test func aSearchDoesNotWaitForIt() throws {
        let start = ContinuousClock.now
        let client = client("slow", seconds: 1)
        for query in ["q", "r"] {
            let error = #expect(throws: APIError.self) { try client.scores(of: ["a"], for: query) }
            #expect(error?.cause?.contains("RERANK_SECONDS") == true)
        }
        #expect(server.requests.count == 1)
        #expect(ContinuousClock.now - start < .seconds(3))
    }

    @Test func aRefusedKeyIsNotLogged() throws {
        let error = try #require(throws: APIError.self) { try client("refused").scores(of: ["a"], for: "q") }
        #expect(error.code == .modelRejected && error.cause?.contains(ServiceServer.key) == false)
    }
}
