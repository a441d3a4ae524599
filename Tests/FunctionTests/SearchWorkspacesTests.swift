import Foundation
import Testing

/// A search in several workspaces.
@Suite struct SearchWorkspacesTests {
    private let installation: Installation
    /// An administrator, the owner of both workspaces, and a viewer of the first.
    private let administrator, owner, viewer: String
    private let first, second: String

    init() throws {
        installation = try Installation()
        administrator = try installation.register("admin@example.com")
        owner = try installation.register("owner@example.com")
        viewer = try installation.register("viewer@example.com")
        first = try installation.makeWorkspace(owner)
        second = try installation.makeWorkspace(owner)
        _ = try installation.upload("The otter keeps a stone.", named: "a.txt", to: first, token: owner)
        _ = try installation.upload("An otter and its otter cubs.", named: "b.txt", to: second, token: owner)
        let added = try installation.call(
            "add-member", token: owner, path: ["workspaceId": first],
            body: ["email": "viewer@example.com", "role": "viewer"])
        #expect(added.status == 201)
    }

    private func search(_ body: [String: Any] = [:], token: String?) throws -> Answer {
        try installation.call("search-workspaces", token: token, body: body.merging(["query": "otter"]) { $1 })
    }

    private func workspaces(_ answer: Answer) -> Set<String> {
        #expect(answer.status == 200, "\(answer.json)")
        let results = answer.data["results"] as? [[String: Any]] ?? []
        return Set(results.compactMap { $0["workspaceId"] as? String })
    }

    @Test func withoutWorkspacesAllThatTheCallerMayReadAreSearched() throws {
        #expect(workspaces(try search(token: owner)) == [first, second])
        #expect(workspaces(try search(token: viewer)) == [first], "an invitation counts from the first request")
        #expect(workspaces(try search(token: administrator)) == [first, second])
        let stranger = try installation.register("stranger@example.com")
        let nothing = try search(token: stranger)
        #expect(workspaces(nothing).isEmpty && (nothing.data["workspaces"] as? [Any])?.isEmpty == true)
        #expect(try search(token: nil).status == 401)
    }

    /// A key without the scope `admin` has the rights of an ordinary user.
    @Test func aKeyReadsWhatItsScopeAllows() throws {
        for (scope, expected) in [("read", Set<String>()), ("admin", [first, second])] {
            let key = try installation.call(
                "create-api-key", token: administrator, body: ["name": "k", "scopes": [scope]])
            #expect(workspaces(try search(token: key.data["key"] as? String)) == expected, "\(scope)")
        }
    }

    @Test func namedWorkspacesAreSearchedOrDoNotExist() throws {
        #expect(workspaces(try search(["workspaceIds": [second]], token: owner)) == [second])
        #expect(workspaces(try search(["workspaceIds": [first, first]], token: viewer)) == [first])
        #expect(workspaces(try search(["workspaceIds": []], token: owner)).isEmpty)
        let unknown = "ws_00000000000000000000000000"
        for ids in [[first, second], [second], [unknown]] {
            let answer = try search(["workspaceIds": ids], token: viewer)
            #expect(answer.status == 404 && answer.code == "NOT_FOUND")
        }
        #expect(try search(["workspaceIds": ["x"]], token: owner).fields == ["workspaceIds"])
    }

    @Test func rightsEndAtOnce() throws {
        #expect(workspaces(try search(token: viewer)) == [first])
        let me = try installation.call("get-me", token: viewer)
        let removed = try installation.call(
            "remove-member", token: owner, path: ["workspaceId": first, "userId": me.data["id"] as? String ?? ""])
        #expect(removed.status == 200)
        #expect(workspaces(try search(token: viewer)).isEmpty)
        #expect(try search(["workspaceIds": [first]], token: viewer).status == 404)
    }

    @Test func workspacesAreCounted() throws {
        let third = try installation.makeWorkspace(owner)
        func counts(_ body: [String: Any]) throws -> [String: Int] {
            let answer = try search(body, token: owner)
            let matches = answer.data["workspaces"] as? [[String: Any]] ?? []
            #expect(matches.allSatisfy { ($0["name"] as? String)?.isEmpty == false })
            let pairs = matches.map { ($0["id"] as? String ?? "", $0["count"] as? Int ?? -1) }
            return Dictionary(uniqueKeysWithValues: pairs)
        }
        #expect(try counts([:]) == [first: 1, second: 1])
        #expect(try counts(["workspaceIds": [first, third]]) == [first: 1, third: 0])
        #expect(try counts(["limit": 1]) == [first: 1, second: 1])
        #expect(try search(["limit": 1], token: owner).data["total"] as? Int == 1)
    }

    @Test func filtersApply() throws {
        #expect(workspaces(try search(["filters": ["types": []]], token: owner)).isEmpty)
        #expect(workspaces(try search(["filters": ["types": ["text"]]], token: owner)) == [first, second])
        let wrong = try search(["filters": ["type": "like", "key": "a"]], token: owner)
        #expect(wrong.status == 400 && wrong.fields == ["filters.type"])
    }
}
