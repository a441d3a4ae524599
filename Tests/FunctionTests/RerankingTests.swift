import Foundation
import Testing

/// Results in the order of a reranker: the built functions against a scripted server.
@Suite struct RerankingTests {
    private let reranker: Reranker

    init() throws { reranker = try Reranker() }

    /// An installation in which words alone prefer the first document.
    private struct Space {
        let installation: Installation
        let token: String
        let id: String

        init(_ environment: [String: String]) throws {
            installation = try Installation(environment: environment)
            token = try installation.register()
            id = try installation.makeWorkspace(token)
            for (name, text) in [
                ("a.txt", "Otters: otters eat otters' food, and otters sleep."),
                ("b.txt", "The best about otters, their days and their nights, in a long sentence about rivers."),
            ] {
                #expect(try installation.upload(text, named: name, to: id, token: token).status == 201)
            }
        }

        func search(_ body: [String: Any] = [:]) throws -> Answer {
            try installation.call(
                "search-documents", token: token, path: ["workspaceId": id],
                body: body.merging(["query": "otters -stone"]) { old, _ in old })
        }

        func ask(_ body: [String: Any] = [:]) throws -> Answer {
            try installation.call(
                "send-message", token: token, path: ["workspaceId": id],
                body: body.merging(["message": "What do otters eat?"]) { $1 })
        }
    }

    private func results(_ answer: Answer) -> (names: [String], scores: [Double]) {
        #expect(answer.status == 200, "\(answer.json)")
        let results = answer.data["results"] as? [[String: Any]] ?? []
        return (
            results.compactMap { $0["documentName"] as? String }, results.compactMap { $0["score"] as? Double }
        )
    }

    @Test func theRerankerDecidesTheOrderAndTheScores() throws {
        let space = try Space(reranker.environment("good"))
        let answer = try space.search(["explain": true])
        #expect(answer.data["reranked"] as? Bool == true)
        #expect(results(answer) == (["b.txt", "a.txt"], [0.9, 0.2]))
        let explained = (answer.data["results"] as? [[String: Any]])?.first?["explain"] as? [String: Any]
        #expect(explained?["rerank"] as? Double == 0.9 && (explained?["words"] as? Double ?? 1) < 0.9)
        // What the query excludes is not part of what it is about.
        #expect(reranker.requests.first?["query"] as? String == "otters")
        #expect(results(try space.search(["threshold": 0.5])).names == ["b.txt"])
        #expect(results(try space.search(["limit": 1])).names == ["b.txt"], "more are compared than wanted")
        let several = try space.installation.call("search-workspaces", token: space.token, body: ["query": "otters"])
        #expect(several.data["reranked"] as? Bool == true)
        #expect(results(several).names == ["b.txt", "a.txt"])
    }

    @Test func noMoreThanTheCandidatesAreReranked() throws {
        let space = try Space(reranker.environment("good", ["RERANK_CANDIDATES": "1"]))
        #expect(results(try space.search(["limit": 1])).names == ["a.txt"])
        #expect((reranker.requests.first?["documents"] as? [Any])?.count == 1)
        #expect(results(try space.search(["limit": 2])).names == ["b.txt", "a.txt"], "all results have its scores")
    }

    @Test(arguments: ["keyword", "semantic"])
    func whoAsksForWordsOrMeaningGetsTheirOrder(_ mode: String) throws {
        let space = try Space(reranker.environment("good"))
        let answer = try space.search(["mode": mode])
        #expect(answer.data["reranked"] as? Bool == false && results(answer).names == ["a.txt", "b.txt"])
        #expect(reranker.requests.isEmpty)
    }

    /// A search waits for a second, and neither fails nor changes.
    @Test(arguments: ["slow", "broken"])
    func withoutAnAnswerTheOrderStays(_ model: String) throws {
        let space = try Space(reranker.environment(model))
        let plain = results(try space.search(["mode": "keyword"]))
        let start = ContinuousClock.now
        let answer = try space.search()
        #expect(answer.data["reranked"] as? Bool == false)
        #expect(results(answer) == plain && plain.names == ["a.txt", "b.txt"])
        #expect(ContinuousClock.now - start < .seconds(6))
        #expect(!reranker.requests.isEmpty)
        let chat = try space.ask()
        #expect(chat.status == 200 && chat.data["reranked"] as? Bool == false)
    }

    @Test func anAnswerUsesTheRerankedPassages() throws {
        let space = try Space(reranker.environment("good"))
        let answer = try space.ask(["explain": true])
        #expect(answer.status == 200 && answer.data["reranked"] as? Bool == true)
        let source = ((answer.data["message"] as? [String: Any])?["sources"] as? [[String: Any]])?.first
        #expect(source?["documentName"] as? String == "a.txt" && source?["score"] as? Double == 0.2)
        let without = try Space(["EMBEDDING": "off"])
        #expect(try without.ask().data["reranked"] == nil)
        #expect(try without.search().data["reranked"] == nil)
    }
}
