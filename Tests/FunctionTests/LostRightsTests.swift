import Foundation
import Testing

/// Rights that are revoked while a request waits to write. Another transaction revokes them: the request was authorised
/// before it, and writes after it.
@Suite struct LostRightsTests {
    private let installation: Installation
    private let admin: String
    private let owner: String
    private let workspace: String
    private let document: String

    init() throws {
        installation = try Installation()
        admin = try installation.register()
        owner = try installation.register("owner@example.com")
        _ = try installation.register("other@example.com")
        workspace = try installation.makeWorkspace(owner)
        let upload = try installation.upload("The keeper lights the lamp.", named: "a.txt", to: workspace, token: owner)
        document = try #require(upload.data["id"] as? String)
    }

    private func send(_ function: String, _ body: [String: Any], token: String, after sql: String) throws -> Answer {
        let end = try installation.holdWriteLock(seconds: 0.4, thenRun: sql)
        let user = try #require(try installation.query("SELECT id FROM users WHERE email = 'other@example.com'").first)
        let path = ["workspaceId": workspace, "documentId": document, "userId": user]
        let answer =
            function == "upload-document"
            ? try installation.upload("New text", named: "new.txt", to: workspace, token: token)
            : try installation.call(function, token: token, path: path, body: body.isEmpty ? nil : body)
        #expect(try end().status == 0)
        return answer
    }

    private static let inWorkspace: [(String, [String: any Sendable])] = [
        ("add-member", ["email": "other@example.com", "role": "owner"]),
        ("update-workspace", ["name": "Mine"]),
        ("delete-workspace", [:]),
        ("update-document", ["name": "Mine"]),
        ("delete-document", [:]),
        ("upload-document", [:]),
        ("send-message", ["message": "Who lights the lamp?"]),
        ("create-webhook", ["url": "https://example.com/hook", "events": ["*"]]),
    ]

    @Test(arguments: inWorkspace.map(\.0))
    func aMemberWhoIsRemovedWritesNothing(_ function: String) throws {
        var body: [String: Any] = try #require(Self.inWorkspace.first { $0.0 == function }).1
        if function == "create-webhook" { body["workspaceId"] = workspace }
        let before = try counts()
        let answer = try send(
            function, body, token: owner,
            after: "DELETE FROM members WHERE user_id = (SELECT id FROM users WHERE email = 'owner@example.com')")
        #expect(answer.status == 404, "\(answer.status) \(answer.message)")
        #expect(try counts() == before)
    }

    private static let ofManagers: [(String, [String: any Sendable])] = [
        ("update-user", ["role": "admin"]),
        ("create-user", ["email": "new@example.com", "name": "New", "password": "correct horse", "role": "admin"]),
        ("delete-user", [:]),
        ("create-webhook", ["url": "https://example.com/hook", "events": ["*"]]),
    ]

    @Test(arguments: ofManagers.map(\.0), ["role = 'user'", "status = 'suspended'"])
    func anAdministratorWhoIsDemotedOrSuspendedChangesNothing(_ function: String, _ change: String) throws {
        let body = try #require(Self.ofManagers.first { $0.0 == function }).1
        let before = try counts()
        let answer = try send(
            function, body, token: admin, after: "UPDATE users SET \(change) WHERE email = 'ada@example.com'")
        #expect(answer.status == 403, "\(answer.status) \(answer.message)")
        #expect(try counts() == before)
    }

    /// These have no workspace in the path: the endpoint itself looks up who may see a webhook.
    @Test(arguments: ["update-webhook", "delete-webhook", "test-webhook", "retry-delivery"])
    func anOwnerWhoIsRemovedDoesNothingWithWebhooks(_ function: String) throws {
        let body: [String: Any] = ["url": "https://example.com/hook", "events": ["*"], "workspaceId": workspace]
        let made = try installation.call("create-webhook", token: owner, body: body)
        let id = try #require(made.data["id"] as? String)
        _ = try installation.call(
            "update-workspace", token: owner, path: ["workspaceId": workspace], body: ["name": "B"])
        let delivery = try #require(try installation.query("SELECT id FROM deliveries").first)
        _ = try installation.query("UPDATE deliveries SET status = 'failed'")
        let before =
            try installation.query("SELECT id, status FROM deliveries") + installation.query("SELECT * FROM webhooks")
        let end = try installation.holdWriteLock(
            seconds: 0.4,
            thenRun: "DELETE FROM members WHERE user_id = (SELECT id FROM users WHERE email = 'owner@example.com')")
        let answer = try installation.call(
            function, token: owner, path: ["webhookId": id, "deliveryId": delivery], body: ["active": false])
        #expect(try end().status == 0)
        #expect(answer.status == 404, "\(answer.status) \(answer.message)")
        #expect(
            try installation.query("SELECT id, status FROM deliveries") + installation.query("SELECT * FROM webhooks")
                == before)
    }

    @Test func whoLosesSomeRightsActsWithTheRest() throws {
        // As a manager, who may still manage users but cannot make anyone an administrator.
        let demotion = "UPDATE users SET role = 'manager' WHERE email = 'ada@example.com'"
        #expect(try send("update-user", ["role": "admin"], token: admin, after: demotion).status == 403)
        _ = try installation.query("UPDATE users SET role = 'admin' WHERE email = 'ada@example.com'")
        #expect(try send("update-user", ["name": "Other"], token: admin, after: demotion).status == 200)
    }

    @Test func noKeyIsMadeForAnAccountThatIsBeingSuspended() throws {
        let answer = try send(
            "create-api-key", ["name": "k"], token: owner,
            after: "UPDATE users SET status = 'suspended' WHERE email = 'owner@example.com'")
        #expect(answer.status == 403 && answer.code == "ACCOUNT_SUSPENDED")
        #expect(try installation.query("SELECT count(*) FROM api_keys") == ["0"])
    }

    @Test func anEndedSessionWritesNothing() throws {
        let answer = try send(
            "create-workspace", ["name": "Late"], token: owner, after: "UPDATE sessions SET revoked_at = 1")
        #expect(answer.status == 401)
    }

    @Test func aKeyThatIsRevokedWritesNothing() throws {
        let made = try installation.call("create-api-key", token: owner, body: ["name": "k", "scopes": ["admin"]])
        let key = try #require(made.data["key"] as? String)
        #expect(try send("create-workspace", ["name": "Late"], token: key, after: "DELETE FROM api_keys").status == 401)
    }

    /// The number of rows in everything that a request could have written to.
    private func counts() throws -> [String] {
        try installation.query(
            """
            SELECT (SELECT count(*) FROM workspaces), (SELECT max(name) FROM workspaces), (SELECT count(*) FROM documents),
                (SELECT min(name) FROM documents), (SELECT max(name) FROM documents), (SELECT count(*) FROM messages),
                (SELECT count(*) FROM conversations), (SELECT count(*) FROM webhooks), (SELECT count(*) FROM users),
                (SELECT count(*) FROM users WHERE role = 'admin' AND email <> 'ada@example.com'),
                (SELECT count(*) FROM members WHERE user_id = (
                    SELECT id FROM users WHERE email = 'other@example.com'))
            """)
    }
}
