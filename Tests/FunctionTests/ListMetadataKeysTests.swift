import Foundation
import Testing

/// Which keys, types and values the metadata of a workspace has.
@Suite struct ListMetadataKeysTests {
    private let installation: Installation
    private let token, workspace: String

    init() throws {
        installation = try Installation()
        token = try installation.register()
        workspace = try installation.makeWorkspace(token)
    }

    private func upload(_ metadata: [String: Any]) throws {
        let json = String(decoding: try JSONSerialization.data(withJSONObject: metadata), as: UTF8.self)
        let answer = try installation.upload(
            [("a.txt", "text/plain", Data(UUID().uuidString.utf8))], to: workspace, token: token,
            fields: ["metadata": json])
        #expect(answer.status == 201)
    }

    private func keys(token: String?) throws -> Answer {
        try installation.call("list-metadata-keys", token: token, path: ["workspaceId": workspace])
    }

    @Test func keysHaveTypesCountsAndValues() throws {
        try upload(["year": 2024, "tags": ["hr", "law"], "author": ["name": "Ada"], "day": "2024-05-01"])
        try upload([
            "year": 2024.0, "tags": ["law"], "author": ["name": "Bob"], "long": String(repeating: "x", count: 300),
        ])
        try upload(["year": "old", "none": NSNull()])
        let answer = try keys(token: token)
        #expect(answer.status == 200 && answer.data["documentCount"] as? Int == 3)
        #expect(answer.data["partial"] as? Bool == false)
        let list = try #require(answer.data["keys"] as? [[String: Any]])
        #expect(list.map { $0["key"] as? String } == ["year", "author.name", "tags", "day", "long", "none"])
        #expect(list.map { $0["documentCount"] as? Int } == [3, 2, 2, 1, 1, 1])
        func types(_ index: Int) -> [String] {
            (list[index]["types"] as? [[String: Any]] ?? []).compactMap { $0["type"] as? String }
        }
        #expect(
            types(0) == ["number", "string"] && types(2) == ["array"] && types(3) == ["date"] && types(5) == ["null"])
        func values(_ index: Int) -> [[String: Any]] { list[index]["values"] as? [[String: Any]] ?? [] }
        #expect(values(0).first?["value"] as? Int == 2024 && values(0).first?["count"] as? Int == 2)
        #expect(values(2).map { $0["value"] as? String } == ["law", "hr"] && values(2)[0]["count"] as? Int == 2)
        #expect(values(4).isEmpty, "too long to be shown")
    }

    @Test func onlyMembersLearnThem() throws {
        #expect(try (keys(token: token).data["keys"] as? [Any])?.isEmpty == true)
        #expect(try keys(token: nil).status == 401)
        #expect(try keys(token: try installation.register("stranger@example.com")).status == 404)
    }
}
