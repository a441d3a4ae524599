import Foundation
import TestSupport
import Testing

@Suite struct WebhookTests: WebhookTesting {
    // MARK: Managing

    @Test func theSecretIsShownOnce() throws {
        let installation = try Installation()
        let token = try installation.register()
        let made = try make(
            installation, token, ["url": "https://example.com/hooks", "events": ["document.*", "user.login"]])
        #expect(made.status == 201)
        let id = try #require(made.data["id"] as? String)
        let secret = try #require(made.data["secret"] as? String)
        #expect(secret.hasPrefix("whsec_") && Data(base64Encoded: String(secret.dropFirst(6)))?.count == 32)
        let path = ["webhookId": id]
        let seen = try installation.call("get-webhook", token: token, path: path)
        #expect(seen.data["secret"] == nil && seen.data["active"] as? Bool == true)
        let changed = try installation.call(
            "update-webhook", token: token, path: path, body: ["active": false, "events": ["*"]])
        #expect(changed.data["active"] as? Bool == false && changed.data["events"] as? [String] == ["*"])
        #expect(try installation.call("list-webhooks", token: token, query: ["active": "true"]).list.isEmpty)
        #expect(try installation.call("list-webhooks", token: token, query: ["active": "false"]).list.count == 1)
        #expect(try installation.call("delete-webhook", token: token, path: path).status == 200)
        #expect(try installation.call("get-webhook", token: token, path: path).status == 404)
    }

    @Test func inputIsChecked() throws {
        let installation = try Installation()
        let token = try installation.register()
        #expect(try make(installation, token, [:]).fields.sorted() == ["events", "url"])
        for url in [
            "ftp://example.com", "https://", "https://u:p@example.com/", "/hooks", "https://exämple.com", "https://a b",
            "https://example.com:99999/", "https://[::1]:0/", "https://example.com:x/",
        ] {
            #expect(try make(installation, token, ["url": url, "events": ["*"]]).fields == ["url"], "\(url)")
        }
        for events in [[], ["document"], ["nothing.*"], ["webhook.test"], [""]] {
            #expect(
                try make(installation, token, ["url": "https://example.com", "events": events]).fields == ["events"])
        }
    }

    @Test func ownersManageTheirWorkspacesOnly() throws {
        let installation = try Installation()
        let admin = try installation.register("admin@example.com")
        let owner = try installation.register("ada@example.com")
        let stranger = try installation.register("eve@example.com")
        let workspace = try installation.makeWorkspace(owner)
        let body: [String: Any] = ["url": "https://example.com", "events": ["*"], "workspaceId": workspace]
        #expect(try make(installation, owner, ["url": "https://example.com", "events": ["*"]]).code == "FORBIDDEN")
        #expect(try make(installation, stranger, body).status == 404)
        let id = try #require(try make(installation, owner, body).data["id"] as? String)
        for (name, expected) in [
            ("get-webhook", 404), ("update-webhook", 404), ("delete-webhook", 404), ("list-deliveries", 404),
            ("test-webhook", 404),
        ] {
            #expect(
                try installation.call(name, token: stranger, path: ["webhookId": id], body: [:]).status == expected,
                "\(name)")
        }
        #expect(try installation.call("list-webhooks", token: stranger).list.isEmpty)
        #expect(try installation.call("list-webhooks", token: admin).list.count == 1)
        _ = try installation.call(
            "add-member", token: owner, path: ["workspaceId": workspace],
            body: [
                "userId": try #require(try installation.call("get-me", token: stranger).data["id"]), "role": "editor",
            ])
        #expect(try make(installation, stranger, body).code == "FORBIDDEN")
        #expect(try installation.call("get-webhook", token: stranger, path: ["webhookId": id]).status == 404)
    }

    @Test func privateAddressesAreRefusedAtOnce() throws {
        let installation = try Installation()
        let token = try installation.register()
        for host in ["127.0.0.1", "[::1]", "10.1.2.3", "localhost"] {
            let answer = try make(installation, token, ["url": "https://\(host)/", "events": ["*"]])
            #expect(answer.status == 422 && answer.fields == ["url"], "\(host)")
        }
    }

    // MARK: Telling

    @Test func eventsAreWrittenWithWhatTheyTellOf() throws {
        let installation = try Installation()
        let token = try installation.register()
        let id = try #require(
            try make(installation, token, ["url": "https://example.com", "events": ["workspace.*"]]).data["id"]
                as? String)
        let workspace = try installation.makeWorkspace(token)
        #expect(try installation.call("create-workspace", token: token, body: ["name": ""]).status == 422)
        #expect(
            try installation.call(
                "update-workspace", token: token, path: ["workspaceId": workspace], body: ["name": "N"]
            ).status == 200)
        #expect(try installation.call("delete-workspace", token: token, path: ["workspaceId": workspace]).status == 200)
        let told = try deliveries(installation, token, of: id).list
        #expect(told.map { $0["event"] as? String } == ["workspace.deleted", "workspace.updated", "workspace.created"])
        #expect(told.allSatisfy { $0["status"] as? String == "pending" && $0["attempts"] as? Int == 0 })
        let payload = try #require(told.last?["payload"] as? [String: Any])
        #expect(payload["type"] as? String == "workspace.created" && payload["workspaceId"] as? String == workspace)
        #expect((payload["data"] as? [String: Any])?["id"] as? String == workspace)
        #expect(payload["id"] as? String == told.last?["eventId"] as? String)
    }

    @Test func everyKindOfEventIsTold() throws {
        let installation = try Installation()
        let token = try installation.register("admin@example.com")
        let id = try #require(
            try make(installation, token, ["url": "https://example.com", "events": ["*"]]).data["id"] as? String)
        let workspace = try installation.makeWorkspace(token)
        let path = ["workspaceId": workspace]
        let user = try installation.register("bob@example.com")
        let userId = try #require(try installation.call("get-me", token: user).data["id"] as? String)
        _ = try installation.call("add-member", token: token, path: path, body: ["userId": userId, "role": "viewer"])
        _ = try installation.call("remove-member", token: token, path: ["workspaceId": workspace, "userId": userId])
        _ = try installation.call("update-workspace", token: token, path: path, body: ["name": "N"])
        _ = try installation.call("update-user", token: token, path: ["userId": userId], body: ["name": "N"])
        _ = try installation.call("login", body: ["email": "bob@example.com", "password": "correct horse"])
        _ = try installation.call("logout", token: user)
        _ = try installation.call("delete-user", token: token, path: ["userId": userId])
        let document = try #require(
            try installation.upload("Some text.", named: "a.txt", to: workspace, token: token).data["id"] as? String)
        let documentPath = ["workspaceId": workspace, "documentId": document]
        _ = try installation.call("update-document", token: token, path: documentPath, body: ["name": "b.txt"])
        _ = try installation.call("delete-document", token: token, path: documentPath)
        let image = Data([0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A])
        #expect(try installation.upload([("a.png", "image/png", image)], to: workspace, token: token).status == 415)
        let chat = try installation.call("send-message", token: token, path: path, body: ["message": "Hello?"])
        let conversation = try #require(chat.data["conversationId"] as? String)
        _ = try installation.call(
            "delete-conversation", token: token, path: ["workspaceId": workspace, "conversationId": conversation])
        _ = try installation.call("delete-workspace", token: token, path: path)
        let asked = try #require(
            try deliveries(installation, token, of: id).list.first { $0["event"] as? String == "chat.message" })
        let question = try #require((asked["payload"] as? [String: Any])?["data"] as? [String: Any])
        #expect(question["conversationId"] as? String == conversation)
        #expect((question["message"] as? [String: Any])?["content"] as? String == "Hello?")
        let told = Set(try deliveries(installation, token, of: id).list.compactMap { $0["event"] as? String })
        let expected: Set = [
            "workspace.created", "workspace.updated", "workspace.deleted", "workspace.user.added",
            "workspace.user.removed",
            "user.created", "user.updated", "user.deleted", "user.login", "user.logout", "document.uploaded",
            "document.processed", "document.failed", "document.updated", "document.deleted",
            "chat.conversation.started", "chat.message",
            "chat.response.generated", "chat.conversation.ended",
        ]
        #expect(told == expected, "missing: \(expected.subtracting(told)), too many: \(told.subtracting(expected))")
    }
}
