import Foundation
import Testing

/// What a search may cost, regardless of other tenants' data and of the engine.
@Suite struct SearchLimitTests {
    /// Six phrases that are expensive to find in a text that repeats this word.
    private static let phrases = (0..<7).map { "\"" + String(repeating: "a ", count: 64 - $0) + "\"" }
        .joined(separator: " ")

    private func search(
        _ query: String, in workspace: String, _ token: String, _ installation: Installation
    ) throws -> Answer {
        try installation.call(
            "search-documents", token: token, path: ["workspaceId": workspace], body: ["query": query])
    }

    private func scores(_ answer: Answer) -> [Double] {
        (answer.data["results"] as? [[String: Any]] ?? []).compactMap { $0["score"] as? Double }
    }

    @Test func whatOthersKeepCostsNothingAndChangesNoScore() throws {
        // A hundredth of the time that the phrases would take in the other tenant's text.
        let installation = try Installation(environment: ["SEARCH_BUDGET_MS": "50"])
        let (ada, bob) = (try installation.register(), try installation.register("bob@example.com"))
        let workspace = try installation.makeWorkspace(bob)
        #expect(
            try installation.upload("A picnic plan.\n\nThe merger.", named: "a.txt", to: workspace, token: bob).status
                == 201)
        #expect(
            try installation.upload("A plan, and a picnic.", named: "b.txt", to: workspace, token: bob).status == 201)
        let queries = ["picnic plan", "merger", "\"picnic plan\" merger", Self.phrases, "-\"a a a a\" plan"]
        let before = try queries.map { scores(try search($0, in: workspace, bob, installation)) }
        let other = try installation.makeWorkspace(ada)
        let text = String(repeating: "a picnic plan a a a a a ", count: 150_000)
        #expect(try installation.upload(text, named: "c.txt", to: other, token: ada).status == 201)
        // Scans visit the passages in the order in which they were added.
        let late = try installation.makeWorkspace(bob, name: "Late")
        #expect(try installation.upload("A picnic plan.", named: "d.txt", to: late, token: bob).status == 201)
        for (query, expected) in zip(queries, before) {
            let after = try search(query, in: workspace, bob, installation)
            #expect(scores(after) == expected, "\(query)")
            #expect(after.data["partial"] as? Bool == false, "\(query)")
            #expect(try search(query, in: late, bob, installation).data["partial"] as? Bool == false, "\(query)")
        }
    }

    @Test func aSearchEndsWithTheBestSoFarWhenItsBudgetIsSpent() throws {
        let installation = try Installation(environment: ["SEARCH_BUDGET_MS": "1"])
        let token = try installation.register()
        let workspace = try installation.makeWorkspace(token)
        let text = String(repeating: "picnic plan a a ", count: 250_000)
        #expect(try installation.upload(text, named: "a.txt", to: workspace, token: token).status == 201)
        for query in ["picnic plan a", "\"picnic plan\" a", Self.phrases] {
            let answer = try search(query, in: workspace, token, installation)
            #expect(answer.status == 200 && answer.data["partial"] as? Bool == true, "\(query)")
        }
        #expect(try !scores(search("picnic plan a", in: workspace, token, installation)).isEmpty)
        let asked = try installation.call(
            "send-message", token: token, path: ["workspaceId": workspace], body: ["message": "Which picnic plan?"])
        #expect(asked.status == 200 && asked.data["partial"] as? Bool == true)
    }

    @Test func timesAreWholeMilliseconds() throws {
        let installation = try Installation()
        let token = try installation.register()
        let workspace = try installation.makeWorkspace(token)
        let answer = try search("plan", in: workspace, token, installation)
        let took = try #require(answer.data["tookMs"] as? NSNumber)
        #expect(took.intValue >= 1 && Double(took.intValue) == took.doubleValue)
    }

    @Test func noQueryIsAnError() throws {
        let installation = try Installation()
        let token = try installation.register()
        let workspace = try installation.makeWorkspace(token)
        let words = (0..<20).map { "w\($0)" }.joined(separator: " ")
        #expect(try installation.upload(words, named: "a.txt", to: workspace, token: token).status == 201)
        let many = (0..<12).map { "\"w\($0) w\($0 + 1)\"" }.joined(separator: " ")
        for query in [many, "\"\(words)\"", "\"w1 w2\" -\"\(words)\"", "w1 AND OR NOT ( ) * : ^ \"\" -\"\" {w1} w2*"] {
            let answer = try search(query, in: workspace, token, installation)
            #expect(answer.status == 200, "\(query)")
        }
        #expect(try scores(search(many, in: workspace, token, installation)).count == 1)
        #expect(try scores(search("\"\(words)\"", in: workspace, token, installation)).count == 1)
        #expect(try scores(search("\"w1 w3\"", in: workspace, token, installation)).isEmpty)
        #expect(try scores(search("w1 -\"w2 w3\"", in: workspace, token, installation)).isEmpty)
        #expect(try scores(search("w1 -\"w3 w2\"", in: workspace, token, installation)).count == 1)
    }
}
