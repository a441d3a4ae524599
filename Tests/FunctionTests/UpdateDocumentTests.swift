import Foundation
import Testing

@Suite struct UpdateDocumentTests {
    @Test(arguments: Transport.allCases) func whatIsGivenChangesAndTheRestStays(_ transport: Transport) throws {
        let client = try TestClient(transport)
        let people = try client.people()
        let made = try client.upload(
            [("draft.txt", "text/plain", Data("The kettle sings.".utf8))], to: people.workspace, token: people.owner,
            fields: ["metadata": #"{"team":"kitchen","n":1}"#])
        let path = ["workspaceId": people.workspace, "documentId": try #require(made.data["id"] as? String)]
        func update(_ body: [String: Any], _ headers: [String: String] = [:]) throws -> Answer {
            try client.call("update-document", token: people.owner, path: path, headers: headers, body: body)
        }
        let named = try update(["name": "  Final.txt "])
        #expect(named.status == 200 && named.data["name"] as? String == "Final.txt")
        #expect((named.data["metadata"] as? [String: Any])?["team"] as? String == "kitchen")
        let replaced = try update(["metadata": ["year": 2026]])
        #expect(replaced.data["metadata"] as? [String: Int] == ["year": 2026], "metadata is replaced as a whole")
        #expect(replaced.data["name"] as? String == "Final.txt")
        for field in ["id", "size", "sha256", "type", "status", "createdAt", "uploadedBy"] {
            #expect("\(replaced.data[field] ?? "")" == "\(made.data[field] ?? "")", "\(field)")
        }
        #expect(try update([:]).status == 200)

        let list = try client.call("list-documents", token: people.owner, path: path, query: ["search": "final"])
        #expect(list.list.map { $0["name"] as? String } == ["Final.txt"])
        let search = try client.call(
            "search-documents", token: people.owner, path: path,
            body: ["query": "kettle", "filters": ["metadata": ["year": 2026]]])
        let hits = search.data["results"] as? [[String: Any]] ?? []
        #expect(hits.map { $0["documentName"] as? String } == ["Final.txt"])

        let shown = try client.call("get-document", token: people.owner, path: path)
        let tag = try #require(shown.headers["etag"])
        #expect(try update(["name": "One"], ["if-match": tag]).status == 200)
        #expect(try update(["name": "Two"], ["if-match": tag]).code == "PRECONDITION_FAILED")
    }

    @Test(arguments: Transport.allCases) func onlyEditorsChangeAndOnlyWhatIsValid(_ transport: Transport) throws {
        let client = try TestClient(transport)
        let people = try client.people()
        let made = try client.upload("Some text.", named: "a.txt", to: people.workspace, token: people.owner)
        let path = ["workspaceId": people.workspace, "documentId": try #require(made.data["id"] as? String)]
        func update(_ token: String?, _ body: [String: Any], _ path: [String: String]) throws -> Answer {
            try client.call("update-document", token: token, path: path, body: body)
        }
        let body = ["name": "b.txt"]
        #expect(try update(nil, body, path).code == "UNAUTHORIZED")
        #expect(try update(people.viewer, body, path).code == "FORBIDDEN")
        #expect(try update(people.stranger, body, path).code == "NOT_FOUND")
        let own = try client.installation.makeWorkspace(people.stranger)
        #expect(try update(people.stranger, body, path.merging(["workspaceId": own]) { $1 }).code == "NOT_FOUND")
        #expect(try update(people.owner, body, path.merging(["documentId": "doc_x"]) { $1 }).code == "NOT_FOUND")
        let wrong: [(String, Any)] = [
            ("name", ""), ("name", 5), ("name", "a\u{7}b"), ("name", String(repeating: "x", count: 256)),
            ("metadata", "x"),
            ("metadata", [1]), ("metadata", ["x": String(repeating: "x", count: 17_000)]),
        ]
        for (field, value) in wrong {
            let answer = try update(people.owner, [field: value], path)
            #expect(answer.status == 422 && answer.fields == [field], "\(field): \(value)")
        }
        #expect(try client.call("get-document", token: people.owner, path: path).data["name"] as? String == "a.txt")
    }
}
