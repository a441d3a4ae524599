import Foundation
import Testing

/// How an installation with a language model starts, and what it tells about the model.
@Suite struct ModelConfigurationTests {
    private let provider: ModelProvider
    private let installation: Installation

    init() throws {
        provider = try ModelProvider()
        installation = try Installation(environment: provider.environment())
    }

    @Test func healthTellsOfTheProvider() throws {
        func check() throws -> (String?, [String: String]?) {
            let answer = try installation.call("health")
            #expect(answer.status == 200)
            let checks = answer.data["checks"] as? [String: Any]
            return (answer.data["status"] as? String, checks?["llm"] as? [String: String])
        }
        #expect(try check() == ("ok", ["status": "ok", "provider": "openai-compatible"]))
        try Data().write(to: URL(fileURLWithPath: provider.path(of: "down")))
        #expect(try check() == ("degraded", ["status": "failed", "provider": "openai-compatible"]))
    }

    @Test func healthTellsOfModelsThatEmbedAndRerank() throws {
        let base = try #require(provider.environment()["LLM_BASE_URL"])
        func checks(_ variables: [String: String]) throws -> (String?, [String: Any]?) {
            let answer = try Installation(environment: variables).call("health")
            return (answer.data["status"] as? String, answer.data["checks"] as? [String: Any])
        }
        let variables = [
            "EMBEDDING_BASE_URL": base, "EMBEDDING_MODEL": "m", "RERANK_BASE_URL": base, "RERANK_MODEL": "m",
        ]
        let (status, both) = try checks(variables)
        #expect(status == "ok")
        let embedding = both?["embedding"] as? [String: String]
        #expect(embedding == ["status": "ok", "provider": "openai-compatible", "model": "m"])
        #expect(both?["reranker"] as? [String: String] == ["status": "ok", "provider": "rerank-api"])
        try Data().write(to: URL(fileURLWithPath: provider.path(of: "down")))
        #expect(try checks(["RERANK_BASE_URL": base, "RERANK_MODEL": "m"]).0 == "degraded")
        #expect(try checks(["EMBEDDING_BASE_URL": base, "EMBEDDING_MODEL": "m"]).0 == "degraded")
        #expect(try checks([:]).1?.keys.contains("reranker") == false)
    }

    @Test(arguments: [
        ["LLM_BASE_URL": "localhost:8080"], ["LLM_BASE_URL": "http://a b/v1"], ["LLM_MODEL": ""],
        ["LLM_API_KEY": "a\nb"], ["LLM_TIMEOUT_SECONDS": "0"], ["LLM_MAX_TOKENS": "many"],
        ["EMBEDDING_BASE_URL": "localhost:8080"], ["RERANK_BASE_URL": "https://me:password@rerank.example"],
    ])
    func aWrongVariableStopsTheStart(variables: [String: String]) throws {
        let wrong = try Installation(environment: provider.environment(variables))
        let output = try wrong.run("send-message", input: Data("{}".utf8))
        #expect(output.status == 78)
        #expect(output.standardError.contains(try #require(variables.keys.first)))
        #expect(!output.standardError.contains(ModelProvider.key))
    }

    @Test func withoutCurlTheModelIsUnavailable() throws {
        let bare = try Installation(environment: provider.environment(["PATH": "/nowhere"]))
        let token = try bare.register()
        let space = try bare.makeWorkspace(token)
        let answer = try bare.call(
            "send-message", token: token, path: ["workspaceId": space], body: ["message": "Hello there, model"])
        #expect(answer.status == 503)
        #expect(answer.code == "LLM_UNAVAILABLE")
    }
}
