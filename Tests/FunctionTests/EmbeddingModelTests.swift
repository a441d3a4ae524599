import Foundation
import Testing

/// What an installation tells about its embedding model, and that it works without.
@Suite struct EmbeddingModelTests {
    private func health(_ variables: [String: String], from function: String = "health") throws -> Answer {
        let answer = try Installation(environment: variables).call(function)
        #expect(answer.status == 200)
        return answer
    }

    private func check(_ answer: Answer) -> [String: String]? {
        (answer.data["checks"] as? [String: Any])?["embedding"] as? [String: String]
    }

    @Test func healthTellsWhetherTheModelIsThere() throws {
        let named = ["provider": "built-in", "model": "multilingual-e5-small"]
        let off = try health(["EMBEDDING": "off"])
        #expect(check(off) == ["status": "off"] && off.data["status"] as? String == "ok")
        // A file that somebody names is expected to be there.
        let wrong = try health(["EMBEDDING_MODEL_FILE": "/nowhere/model.bin"])
        #expect(check(wrong) == named.merging(["status": "failed"]) { $1 })
        #expect(wrong.data["status"] as? String == "degraded")
        // Without a network, the build goes on without the model.
        let alone = FileManager.default.temporaryDirectory.appendingPathComponent("nexlayer-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: alone) }
        let functions = alone.appendingPathComponent("functions")
        try FileManager.default.createDirectory(at: functions, withIntermediateDirectories: true)
        let copy = functions.appendingPathComponent("health")
        // By another process: a program cannot start while a child of a parallel test holds the descriptor that wrote it.
        let original = Installation.functions.appendingPathComponent("health")
        #expect(try Installation().run("/bin/cp", arguments: [original.path, copy.path]).status == 0)
        let missing = try health([:], from: copy.path)
        #expect(check(missing) == named.merging(["status": "missing"]) { $1 })
        #expect(missing.data["status"] as? String == "ok")
    }

    private static let hasModel = FileManager.default.fileExists(
        atPath: Installation.functions.deletingLastPathComponent()
            .appendingPathComponent("models/multilingual-e5-small.bin").path)

    @Test(.enabled(if: hasModel, "`make model` fetches the embedding model"))
    func theInstalledModelIsNamed() throws {
        #expect(
            try check(health(["EMBEDDING_KERNEL": "portable"])) == [
                "status": "ok", "provider": "built-in", "model": "multilingual-e5-small", "kernel": "portable",
            ])
        let installation = try Installation()
        let info = try installation.call("system-info", token: installation.register())
        let providers = info.data["providers"] as? [String: String]
        #expect(providers?["embedding"] == "built-in" && providers?["embeddingModel"] == "multilingual-e5-small")
    }

    /// Without the model, any search is one for words, and says so.
    @Test(arguments: [["EMBEDDING_MODEL_FILE": "/nowhere/model.bin"], ["EMBEDDING": "off"]])
    func everythingElseWorksWithoutTheModel(_ variables: [String: String]) throws {
        let installation = try Installation(environment: variables)
        let token = try installation.register(), space = try installation.makeWorkspace(token)
        let text = "Employees get 28 days of paid leave a year."
        #expect(try installation.upload(text, named: "leave.txt", to: space, token: token).status == 201)
        #expect(try installation.run("run-jobs").status == 0)
        for mode in ["keyword", "semantic", "hybrid"] {
            let found = try installation.call(
                "search-documents", token: token, path: ["workspaceId": space],
                body: ["query": "paid leave", "mode": mode])
            #expect(found.status == 200 && found.data["mode"] as? String == "keyword")
            #expect((found.data["results"] as? [Any])?.count == 1)
        }
        let answer = try installation.call(
            "send-message", token: token, path: ["workspaceId": space],
            body: ["message": "How many days of paid leave do employees get?"])
        #expect((answer.data["message"] as? [String: Any])?["content"].map { "\($0)".contains("28 days") } == true)
        let info = try installation.call("system-info", token: token)
        let isOff = variables["EMBEDDING"] == "off"
        #expect((info.data["providers"] as? [String: String])?["embedding"] == (isOff ? "off" : "failed"))
    }
}
