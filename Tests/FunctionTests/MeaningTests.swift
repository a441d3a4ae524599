import Foundation
import Testing

/// Search by meaning with the vectors of a scripted model: the built functions against a real server.
@Suite struct MeaningTests {
    private let model: EmbeddingServer
    private let installation: Installation
    private let token: String
    private let workspace: String

    init() throws {
        model = try EmbeddingServer()
        installation = try Installation(environment: model.environment())
        token = try installation.register()
        workspace = try installation.makeWorkspace(token)
    }

    private static let texts = [
        ("rivers.txt", "Otters dive for fish, and rest on the banks."),
        ("pay.txt", "Salaries arrive on the last day of the month."),
    ]

    private func upload() throws {
        for (name, text) in Self.texts {
            #expect(try installation.upload(text, named: name, to: workspace, token: token).status == 201)
        }
    }

    private func embed() throws {
        // The first call records the model, and the jobs of what was uploaded before.
        try upload()
        #expect(try installation.call("run-jobs").status == 200)
        #expect(try progress() == ["done", "done"])
    }

    /// How far the documents are, of which either none or all are embedded at once.
    private func progress(of installation: Installation? = nil) throws -> [String] {
        let list = try (installation ?? self.installation).call(
            "list-documents", token: token, path: ["workspaceId": workspace])
        let documents = list.json["data"] as? [[String: Any]] ?? []
        return documents.compactMap { ($0["embedding"] as? [String: Any])?["status"] as? String }
    }

    private struct Result {
        let name: String?
        let score: Double
        let words: Double?
        let meaning: Double?
    }

    private func search(
        _ query: String, _ mode: String?, function: String = "search-documents"
    ) throws -> (mode: String?, results: [Result]) {
        var body: [String: Any] = ["query": query, "explain": true]
        body["mode"] = mode
        let answer = try installation.call(
            function, token: token, path: function == "search-documents" ? ["workspaceId": workspace] : [:], body: body)
        #expect(answer.status == 200, "\(answer.json)")
        let results = (answer.data["results"] as? [[String: Any]] ?? []).map { result in
            let explanation = result["explain"] as? [String: Any]
            return Result(
                name: result["documentName"] as? String, score: result["score"] as? Double ?? -1,
                words: explanation?["words"] as? Double, meaning: explanation?["meaning"] as? Double)
        }
        return (answer.data["mode"] as? String, results)
    }

    private func isNear(_ one: Double?, _ other: Double) -> Bool { one.map { abs($0 - other) < 0.02 } ?? false }

    @Test(arguments: ["search-documents", "search-workspaces"])
    func meaningFindsOtherWords(_ function: String) throws {
        try embed()
        let semantic = try search("swimming beasts", "semantic", function: function)
        #expect(semantic.mode == "semantic" && semantic.results.map(\.name) == ["rivers.txt"])
        #expect(isNear(semantic.results.first?.meaning, 1) && isNear(semantic.results.first?.score, 1))
        #expect(semantic.results.first?.words == nil)
        // Half of the score is that by words, which found nothing.
        let hybrid = try search("swimming beasts", nil, function: function)
        #expect(hybrid.mode == "hybrid" && hybrid.results.map(\.name) == ["rivers.txt"])
        #expect(isNear(hybrid.results.first?.score, 0.5) && hybrid.results.first?.words == 0)
        let keyword = try search("swimming beasts", "keyword", function: function)
        #expect(keyword.mode == "keyword" && keyword.results.isEmpty)
    }

    @Test func aHybridScoreIsTheMeanOfBoth() throws {
        try embed()
        // One document by its word, the other by its meaning.
        let found = try search("otters, money", "hybrid").results
        #expect(found.map(\.name) == ["rivers.txt", "pay.txt"])
        for result in found {
            let words = try #require(result.words), meaning = try #require(result.meaning)
            #expect(abs(result.score - (words + meaning) / 2) < 0.001)
            #expect(meaning > 0.3 && meaning < 0.9)
        }
        #expect((found.first?.words ?? 0) > 0 && found.last?.words == 0)
        let words = try search("otters", "keyword").results
        #expect(words.map(\.name) == ["rivers.txt"] && words.first?.meaning == nil)
    }

    /// A search does not fail with the model, and says that it went by words.
    @Test(arguments: [EmbeddingServer.Behaviour.slow, .broken, .refusing, .shorter])
    func withoutAVectorASearchGoesByWords(_ behaviour: EmbeddingServer.Behaviour) throws {
        try embed()
        try model.behave(behaviour)
        for mode in ["hybrid", "semantic"] {
            let start = ContinuousClock.now
            let found = try search("otters", mode)
            #expect(found.mode == "keyword" && found.results.map(\.name) == ["rivers.txt"], "\(behaviour)")
            #expect(ContinuousClock.now - start < .seconds(6))
        }
        try model.behave(.good)
        #expect(try search("otters", "semantic").mode == "semantic")
    }

    // MARK: Jobs

    /// One that may refuse for long is not asked by each call of a process, of which there is one a second.
    @Test func aModelThatRefusesIsLeftInPeace() throws {
        try upload()
        try model.behave(.refusing)
        let calls = Installation.lines(Array(repeating: Data("{}".utf8), count: 4))
        let output = try installation.run("run-jobs", input: calls)
        #expect(try Answer.lines(output.standardOutput).map(\.status) == [200, 200, 200, 200])
        #expect(model.count == 1)
        #expect(output.standardError.contains("The embedding model cannot be used"))
        try model.behave(.good)
        #expect(try installation.call("run-jobs").status == 200)
        #expect(try progress() == ["done", "done"])
    }

    /// Otherwise documents would count as finished, and be embedded anew when the file is there again.
    @Test func aModelThatIsBrokenIsNotSwitchedOff() throws {
        try embed()
        let file = installation.folder.appendingPathComponent("damaged.bin")
        try Data("AINXEMB1 and nothing that belongs there".utf8).write(to: file)
        let broken = try Installation(sharing: installation, environment: ["EMBEDDING_MODEL_FILE": file.path])
        let output = try broken.run("run-jobs", input: Data("{}".utf8))
        #expect(output.status == 0 && output.standardError.contains("damaged"))
        #expect(try progress() == ["done", "done"])
        let info = try broken.call("system-info", token: token)
        #expect((info.data["providers"] as? [String: String])?["embedding"] == "failed")
        let health = try broken.call("health")
        let check = (health.data["checks"] as? [String: [String: Any]])?["embedding"]
        #expect(health.data["status"] as? String == "degraded" && check?["status"] as? String == "failed")
        let off = try Installation(sharing: installation, environment: ["EMBEDDING": "off"])
        #expect(try off.call("run-jobs").status == 200)
        #expect(try progress() == ["off", "off"], "this does switch it off")
    }

    // MARK: Health

    @Test func noModelIsAskedWhileTheDataCannotBeUsed() throws {
        #expect(try installation.call("health").status == 200)
        #expect(model.count == 1)
        try installation.migrate(to: 99)
        let answer = try installation.call("health")
        let checks = answer.error["details"] as? [String: Any] ?? [:]
        #expect(answer.status == 503 && Set(checks.keys) == ["database", "storage"])
        #expect(model.count == 1)
    }
}
