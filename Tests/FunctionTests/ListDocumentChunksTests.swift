import Foundation
import Testing

@Suite struct ListDocumentChunksTests {
    private static let text = (1...40).map {
        "# Part \($0)\n\n" + String(repeating: "Words of part \($0) go on. ", count: 30)
    }
    .joined(separator: "\n\n")

    @Test(arguments: Transport.allCases) func chunksComeInTheOrderOfTheText(_ transport: Transport) throws {
        let client = try TestClient(transport)
        let people = try client.people()
        let made = try client.upload(Self.text, named: "parts.md", to: people.workspace, token: people.owner)
        let id = try #require(made.data["id"] as? String)
        let path = ["workspaceId": people.workspace, "documentId": id]
        let count = try #require(made.data["chunkCount"] as? Int)
        var seen: [[String: Any]] = []
        for page in 1...3 {
            let answer = try client.call(
                "list-document-chunks", token: people.viewer, path: path, query: ["page": "\(page)", "limit": "15"])
            #expect(answer.status == 200 && answer.pagination["total"] as? Int == count)
            seen += answer.list
        }
        #expect(seen.count == count && count >= 40)
        let positions = seen.compactMap { $0["position"] as? [String: Any] }
        #expect(positions.map { $0["index"] as? Int } == (0..<count).map { $0 })
        #expect(positions[0]["heading"] as? String == "Part 1" && positions[0]["start"] as? Int == 0)
        #expect((seen[0]["content"] as? String)?.hasPrefix("Part 1\n\nWords of part 1") == true)
        #expect(seen[0]["documentId"] as? String == id && (seen[0]["id"] as? String)?.hasPrefix("chk_") == true)
        let found = try client.call(
            "search-documents", token: people.viewer, path: ["workspaceId": people.workspace],
            body: ["query": "\"part 7 go\""])
        let hits = found.data["results"] as? [[String: Any]] ?? []
        #expect(hits.isEmpty == false)
        for hit in hits { #expect(seen.contains { $0["id"] as? String == hit["chunkId"] as? String }) }
    }

    @Test(arguments: Transport.allCases) func onlyMembersSeeThem(_ transport: Transport) throws {
        let client = try TestClient(transport)
        let people = try client.people()
        let made = try client.upload("Some text.", named: "a.txt", to: people.workspace, token: people.owner)
        let path = ["workspaceId": people.workspace, "documentId": try #require(made.data["id"] as? String)]
        func status(_ token: String?, _ path: [String: String], _ query: [String: String] = [:]) throws -> Int {
            try client.call("list-document-chunks", token: token, path: path, query: query).status
        }
        #expect(try status(people.owner, path) == 200)
        #expect(try status(nil, path) == 401)
        #expect(try status(people.stranger, path) == 404)
        let own = try client.installation.makeWorkspace(people.stranger)
        #expect(
            try status(people.stranger, path.merging(["workspaceId": own]) { $1 }) == 404, "through another workspace")
        #expect(try status(people.owner, path.merging(["documentId": "doc_00000000000000000000000000"]) { $1 }) == 404)
        #expect(try status(people.owner, path.merging(["documentId": "nonsense"]) { $1 }) == 404)
        for query in [["page": "0"], ["page": "x"], ["limit": "101"], ["limit": "0"]] {
            #expect(try status(people.owner, path, query) == 400, "\(query)")
        }
    }
}
