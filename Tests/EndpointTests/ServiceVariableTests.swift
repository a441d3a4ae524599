import Models
import Testing

@testable import Endpoint

/// The variables of services that embed and rerank.
struct ServiceVariableTests {
    private func configuration(_ variables: [String: String]) throws -> Configuration {
        try Configuration(environment: { variables[$0] })
    }

    private static let embedding = ["EMBEDDING_BASE_URL": "https://m.example/v1/", "EMBEDDING_MODEL": "m"]
    private static let rerank = ["RERANK_BASE_URL": "http://127.0.0.1:8080/", "RERANK_MODEL": "r"]

    private func embeddingService(_ more: [String: String] = [:]) throws -> EmbeddingService? {
        let configuration = try configuration(Self.embedding.merging(more) { $1 })
        guard case .remote(let service) = configuration.embedding else { return nil }
        return service
    }

    @Test func theBuiltInModelEmbedsByDefault() throws {
        func file(_ variables: [String: String]) throws -> String?? {
            guard case .builtIn(let file) = try configuration(variables).embedding else { return nil }
            return .some(file)
        }
        #expect(try file([:]) == .some(nil))
        #expect(try file(["EMBEDDING": "on", "EMBEDDING_MODEL_FILE": "/m.bin"]) == "/m.bin")
        #expect(try file(["EMBEDDING_MODEL": "m", "EMBEDDING_API_KEY": "k"]) == .some(nil))
        #expect(try configuration([:]).reranker == nil)
    }

    @Test func embeddingCanBeSwitchedOff() throws {
        for more in [[:], Self.embedding, ["EMBEDDING_MODEL_FILE": "/m.bin"]] {
            let configuration = try configuration(more.merging(["EMBEDDING": "off"]) { $1 })
            guard case .off = configuration.embedding else {
                Issue.record("\(more)")
                continue
            }
        }
    }

    @Test func aServiceIsDescribedByItsVariables() throws {
        let least = try #require(try embeddingService())
        #expect((least.baseURL, least.model, least.apiKey) == ("https://m.example/v1", "m", nil))
        #expect(least.dimensions == nil && least.prefixes == EmbeddingService.Prefixes())
        #expect((least.limits.query, least.limits.batch, least.limits.texts) == (5, 60, 32))
        let all = try #require(
            try embeddingService([
                "EMBEDDING_API_KEY": "secret", "EMBEDDING_DIMENSIONS": "256", "EMBEDDING_QUERY_PREFIX": "query: ",
                "EMBEDDING_PASSAGE_PREFIX": "passage: ", "EMBEDDING_QUERY_SECONDS": "1", "EMBEDDING_BATCH": "2",
                "EMBEDDING_BATCH_SECONDS": "3", "EMBEDDING_MODEL_FILE": "/not/used",
            ]))
        #expect((all.apiKey, all.dimensions) == ("secret", 256))
        #expect(all.prefixes == EmbeddingService.Prefixes(query: "query: ", passage: "passage: "))
        #expect((all.limits.query, all.limits.texts, all.limits.batch) == (1, 2, 3))
        let reranker = try #require(try configuration(Self.rerank).reranker)
        #expect((reranker.baseURL, reranker.model, reranker.seconds) == ("http://127.0.0.1:8080", "r", 3))
        #expect(reranker.candidates == 50)
        let patient = try configuration(
            Self.rerank.merging(["RERANK_SECONDS": "10", "RERANK_API_KEY": "k", "RERANK_CANDIDATES": "20"]) { $1 })
        #expect((patient.reranker?.seconds, patient.reranker?.apiKey) == (10, "k"))
        #expect(patient.reranker?.candidates == 20)
    }

    @Test(
        arguments: [
            ("BASE_URL", "ftp://x"), ("BASE_URL", "localhost:8080"), ("BASE_URL", "http://a b"),
            ("BASE_URL", "http://"), ("BASE_URL", "https:///v1"), ("BASE_URL", "https://me:swordfish@m.example/v1"),
            ("BASE_URL", "https://m.example/v1?key=swordfish"), ("BASE_URL", "https://m.example/v1#swordfish"),
            ("MODEL", ""), ("API_KEY", "two words"), ("API_KEY", "line\n"), ("API_KEY", "schlüssel"),
        ])
    func otherServicesAreRefused(_ name: String, _ text: String) {
        for (prefix, good) in [("EMBEDDING_", Self.embedding), ("RERANK_", Self.rerank)] {
            expectProblem(with: prefix + name, text, beside: good)
        }
    }

    @Test(arguments: [
        ("EMBEDDING", "yes"), ("EMBEDDING_DIMENSIONS", "0"), ("EMBEDDING_DIMENSIONS", "16385"),
        ("EMBEDDING_QUERY_PREFIX", String(repeating: "x", count: 1001)), ("EMBEDDING_QUERY_SECONDS", "11"),
        ("EMBEDDING_BATCH", "0"), ("EMBEDDING_BATCH", "2049"), ("EMBEDDING_BATCH_SECONDS", "81"),
        ("EMBEDDING_KERNEL", "quantum"),
    ])
    func otherEmbeddingIsRefused(_ name: String, _ text: String) {
        expectProblem(with: name, text, beside: Self.embedding)
    }

    @Test func aRerankerMustAnswerInTime() {
        for text in ["0", "11", "soon"] { expectProblem(with: "RERANK_SECONDS", text, beside: Self.rerank) }
        for text in ["0", "201", "all"] { expectProblem(with: "RERANK_CANDIDATES", text, beside: Self.rerank) }
    }

    private func expectProblem(with name: String, _ text: String, beside good: [String: String]) {
        let problem = #expect(throws: Configuration.Problem.self) {
            try configuration(good.merging([name: text]) { $1 })
        }
        #expect(problem?.description.contains(name) == true, "\(name)=\(text)")
        #expect(problem?.description.contains("swordfish") == false)
    }
}
