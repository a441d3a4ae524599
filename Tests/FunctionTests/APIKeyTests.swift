import Foundation
import Testing

@Suite struct APIKeyTests {
    private let installation: Installation
    private let token: String

    init() throws {
        installation = try Installation()
        token = try installation.register("ada@example.com")
    }

    private func make(_ body: [String: Any], token: String? = nil) throws -> Answer {
        try installation.call("create-api-key", token: token ?? self.token, body: body)
    }

    @Test func aKeyWorksUntilItIsRevoked() throws {
        let made = try make(["name": " Import "])
        #expect(made.status == 201)
        let key = try #require(made.data["key"] as? String)
        let id = try #require(made.data["id"] as? String)
        #expect(key.count == 47 && key.hasPrefix("nxl_"))
        #expect(made.data["name"] as? String == "Import")
        #expect(made.data["scopes"] as? [String] == ["read", "write"])
        #expect(made.headers["location"] == "/api/v1/api-keys/\(id)")
        #expect(try installation.call("get-me", token: key).data["email"] as? String == "ada@example.com")

        let listed = try installation.call("list-api-keys", token: key)
        #expect(listed.list.count == 1)
        #expect(listed.list[0]["key"] == nil && listed.list[0]["prefix"] as? String == String(key.prefix(10)))
        #expect(listed.list[0]["lastUsedAt"] is String)
        #expect(!String(decoding: listed.body, as: UTF8.self).contains(key))

        #expect(try installation.call("delete-api-key", token: token, path: ["keyId": id]).status == 200)
        #expect(try installation.call("get-me", token: key).code == "UNAUTHORIZED")
        #expect(try installation.call("delete-api-key", token: token, path: ["keyId": id]).status == 404)
    }

    @Test func theDatabaseHasOnlyTheHash() throws {
        let key = try #require(try make(["name": "k"]).data["key"] as? String)
        let stored = try installation.storedBytes()
        #expect(stored.range(of: Data(key.dropFirst(10).utf8)) == nil)
        #expect(stored.range(of: Data(key.prefix(10).utf8)) != nil)
    }

    @Test func scopesLimitWhatAKeyMayDo() throws {
        let workspace = try installation.makeWorkspace(token)
        let reader = try #require(try make(["name": "r", "scopes": ["read"]]).data["key"] as? String)
        let path = ["workspaceId": workspace]
        #expect(try installation.call("get-workspace", token: reader, path: path).status == 200)
        #expect(
            try installation.call("search-documents", token: reader, path: path, body: ["query": "x"]).status == 200)
        #expect(try installation.call("create-workspace", token: reader, body: ["name": "n"]).code == "FORBIDDEN")

        // The first account is an administrator. A key gets that role only with the scope `admin`.
        let writer = try #require(try make(["name": "w"]).data["key"] as? String)
        #expect(try installation.call("create-workspace", token: writer, body: ["name": "n"]).status == 201)
        let refused = try installation.call("list-users", token: writer)
        #expect(refused.status == 403 && refused.message.contains("an API key with the scope admin"))
        for key in [reader, writer] {
            #expect(try installation.call("logout", token: key).message.contains("Requires a login"))
        }
        let administrator = try #require(try make(["name": "a", "scopes": ["admin"]]).data["key"] as? String)
        #expect(try installation.call("list-users", token: administrator).status == 200)

        for name in ["create-api-key", "logout", "update-me"] {
            #expect(
                try installation.call(name, token: administrator, body: ["name": "x"]).code == "FORBIDDEN", "\(name)")
        }
    }

    /// Whoever finds a leaked key must be able neither to gain permanent access nor to send data out.
    @Test func onlyAnAdminKeyOpensAWorkspaceToOthers() throws {
        let guest = try installation.register("eve@example.com")
        let path = ["workspaceId": try installation.makeWorkspace(token)]
        let webhook: [String: Any] = [
            "url": "https://example.com/h", "events": ["*"], "workspaceId": path["workspaceId"] ?? "",
        ]
        let eve: [String: Any] = ["email": "eve@example.com", "role": "owner"]
        let writer = try #require(try make(["name": "w"]).data["key"] as? String)
        let administrator = try #require(try make(["name": "a", "scopes": ["admin"]]).data["key"] as? String)

        #expect(try installation.call("add-member", token: writer, path: path, body: eve).code == "FORBIDDEN")
        #expect(try installation.call("create-webhook", token: writer, body: webhook).code == "FORBIDDEN")
        let added = try installation.call("add-member", token: administrator, path: path, body: eve)
        #expect(added.status == 201)
        let made = try installation.call("create-webhook", token: administrator, body: webhook)
        #expect(made.status == 201)

        let hook = ["webhookId": try #require(made.data["id"] as? String)]
        let change = ["url": "https://evil.example.com/h"]
        #expect(try installation.call("update-webhook", token: writer, path: hook, body: change).code == "FORBIDDEN")
        #expect(try installation.call("update-webhook", token: administrator, path: hook, body: change).status == 200)
        #expect(try installation.call("delete-webhook", token: writer, path: hook).code == "FORBIDDEN")
        #expect(try installation.call("delete-webhook", token: administrator, path: hook).status == 200)
        #expect(try installation.call("get-workspace", token: guest, path: path).status == 200)
        let eveId = try #require(try installation.call("get-me", token: guest).data["id"] as? String)
        let other = path.merging(["userId": eveId]) { $1 }
        #expect(try installation.call("remove-member", token: writer, path: other).code == "FORBIDDEN")
        let me = try #require(try installation.call("get-me", token: token).data["id"] as? String)
        let own = path.merging(["userId": me]) { $1 }
        #expect(try installation.call("remove-member", token: writer, path: own).status == 200, "leaving harms nobody")
        #expect(try installation.call("remove-member", token: administrator, path: other).status == 409)
    }

    @Test func inputIsChecked() throws {
        #expect(try make(["scopes": ["everything"]]).fields.sorted() == ["name", "scopes"])
        #expect(try make(["name": "k", "scopes": []]).fields == ["scopes"])
        #expect(try make(["name": "k", "expiresAt": "2020-01-01T00:00:00Z"]).fields == ["expiresAt"])
        #expect(try make(["name": "k", "expiresAt": "tomorrow"]).fields == ["expiresAt"])
    }

    @Test func anExpiredKeyStopsWorking() throws {
        let soon = ISO8601DateFormatter().string(from: Date().addingTimeInterval(2))
        let key = try #require(try make(["name": "k", "expiresAt": soon]).data["key"] as? String)
        #expect(try installation.call("get-me", token: key).status == 200)
        Thread.sleep(forTimeInterval: 2.2)
        #expect(try installation.call("get-me", token: key).code == "TOKEN_EXPIRED")
    }

    @Test func othersCannotRevokeIt() throws {
        let id = try #require(try make(["name": "k"]).data["id"] as? String)
        let stranger = try installation.register("eve@example.com")
        #expect(try installation.call("delete-api-key", token: stranger, path: ["keyId": id]).status == 404)
        #expect(try installation.call("list-api-keys", token: stranger).list.isEmpty)
    }
}
