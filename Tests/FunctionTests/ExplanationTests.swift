import Foundation
import Testing

/// Why results have their scores and answers their sources, as the built functions tell it.
@Suite struct ExplanationTests {
    private let installation: Installation
    private let token: String
    private let workspace: String

    init() throws {
        installation = try Installation(environment: ["EMBEDDING": "off", "RATE_LIMIT_CHAT": "0"])
        token = try installation.register()
        workspace = try installation.makeWorkspace(token)
        for (name, text) in [
            ("Leave.md", "# Paid leave\n\nEmployees get 28 days of paid leave a year."),
            ("Travel.md", "# Hotels\n\nThe office books rooms for paid trips."),
        ] {
            #expect(try installation.upload(text, named: name, to: workspace, token: token).status == 201)
        }
    }

    private func results(_ answer: Answer) -> [[String: Any]] {
        #expect(answer.status == 200, "\(answer.json)")
        return answer.data["results"] as? [[String: Any]] ?? []
    }

    private func ask(_ message: String, _ body: [String: Any] = [:]) throws -> [Answer] {
        try installation.batch(
            "send-message",
            [
                [
                    "headers": ["authorization": "Bearer \(token)"], "pathParameters": ["workspaceId": workspace],
                    "body": body.merging(["message": message]) { $1 },
                ]
            ])
    }

    @Test(arguments: ["search-documents", "search-workspaces"])
    func aResultTellsItsScores(_ function: String) throws {
        func search(_ body: [String: Any]) throws -> [[String: Any]] {
            results(
                try installation.call(
                    function, token: token, path: function == "search-documents" ? ["workspaceId": workspace] : [:],
                    body: body.merging(["query": "paid leave"]) { $1 }))
        }
        for body in [[:], ["explain": false]] as [[String: Any]] {
            #expect(try search(body).allSatisfy { $0["explain"] == nil })
        }
        let found = try search(["explain": true])
        #expect(found.count == 2)
        for result in found {
            let explanation = try #require(result["explain"] as? [String: Any])
            #expect(explanation["words"] as? Double == result["score"] as? Double)
            #expect(explanation["meaning"] is NSNull && explanation["rerank"] == nil)
            let fields = try #require(explanation["fields"] as? [String: Double])
            #expect(Set(fields.keys) == ["name", "heading", "content"])
            #expect(abs(fields.values.reduce(0, +) - 1) < 0.001)
        }
        let first = (found[0]["explain"] as? [String: Any])?["fields"] as? [String: Double] ?? [:]
        #expect((first["name"] ?? 0) > 0 && (first["heading"] ?? 0) > 0 && (first["content"] ?? 0) > 0)
        let second = (found[1]["explain"] as? [String: Any])?["fields"] as? [String: Double] ?? [:]
        #expect(second == ["name": 0, "heading": 0, "content": 1])
    }

    @Test func anAnswerTellsOfItsSources() throws {
        let question = "How many days of paid leave do employees get?"
        let plain = try #require(try ask(question).first)
        #expect(plain.status == 200 && plain.data["explain"] == nil)
        let answer = try #require(try ask(question, ["explain": true]).first)
        let streamed = StreamedEvents(try ask(question, ["explain": true, "stream": true]))
        for data in [answer.data, streamed["done"] ?? [:]] {
            let explanation = try #require(data["explain"] as? [String: Any])
            let source = try #require((explanation["sources"] as? [[String: Any]])?.first)
            #expect(source["number"] as? Int == 1)
            #expect(((source["explain"] as? [String: Any])?["words"] as? Double ?? 0) > 0)
            #expect(explanation["nearest"] == nil && explanation["reason"] == nil)
        }
    }

    @Test func aRefusalNamesTheNearestPassageAndWhatItLacks() throws {
        let question = "Which volcano erupted during the paid leave?"
        let answer = try #require(try ask(question, ["explain": true]).first)
        #expect(answer.status == 200)
        let explanation = try #require(answer.data["explain"] as? [String: Any])
        #expect((explanation["sources"] as? [Any])?.isEmpty == true)
        #expect((explanation["reason"] as? String)?.contains("“volcano”") == true, "\(explanation)")
        let nearest = try #require(explanation["nearest"] as? [String: Any])
        #expect(nearest["documentName"] as? String == "Leave.md")
        #expect((nearest["excerpt"] as? String)?.contains("28 days") == true)
        #expect(nearest["chunkId"] != nil && (nearest["score"] as? Double ?? 0) > 0)
        let streamed = StreamedEvents(try ask(question, ["explain": true, "stream": true]))
        #expect((streamed["done"]?["explain"] as? [String: Any])?["nearest"] != nil)
    }

    @Test func aRefusalWithoutPassagesSaysSo() throws {
        let answer = try #require(try ask("Who is Zebulon?", ["explain": true, "documentIds": [String]()]).first)
        let explanation = try #require(answer.data["explain"] as? [String: Any])
        #expect(explanation["nearest"] == nil)
        #expect((explanation["reason"] as? String)?.contains("no passage") == true)
    }
}
