import Foundation
import Testing

/// Responses stored under an idempotency key in the write that creates the resource. Triggers simulate failures.
@Suite struct KeptResponseTests {
    private let installation: Installation
    private let token: String
    private let workspace: String

    init() throws {
        installation = try Installation()
        token = try installation.register()
        workspace = try installation.makeWorkspace(token)
    }

    private func send(_ function: String) throws -> Answer {
        try #require(try installation.batch(function, [try envelope(function)]).first)
    }

    private func envelope(_ function: String) throws -> [String: Any] {
        var envelope: [String: Any]
        switch function {
        case "upload-document":
            envelope = Installation.uploadEnvelope(
                [("a.txt", "text/plain", Data("The keeper lights the lamp.".utf8))], to: workspace, token: token)
        case "send-message":
            envelope = ["headers": [:], "pathParameters": ["workspaceId": workspace], "body": ["message": "Who?"]]
        default:
            // As text, because a dictionary has a different order each time, which would make it a different request.
            let account = #"{"email": "new@example.com", "name": "New", "password": "correct horse"}"#
            envelope = ["headers": [:], "body": account]
        }
        var headers = try #require(envelope["headers"] as? [String: String])
        headers["authorization"] = "Bearer \(token)"
        headers["idempotency-key"] = "one"
        envelope["headers"] = headers
        return envelope
    }

    private func counts() throws -> [String] {
        try installation.query(
            "SELECT (SELECT count(*) FROM users), (SELECT count(*) FROM documents), (SELECT count(*) FROM messages)")
    }

    @Test(arguments: ["register", "create-user", "upload-document", "send-message"])
    func withoutItsResponseNothingIsMade(_ function: String) throws {
        let before = try counts()
        try installation.addTrigger(
            "broken", "BEFORE UPDATE OF status", on: "idempotency_keys", when: "NEW.status IS NOT NULL")
        #expect(try send(function).status >= 500)
        #expect(try counts() == before)
        try installation.dropTrigger("broken", on: "idempotency_keys")
        #expect([200, 201].contains(try send(function).status))
        let again = try send(function)
        #expect([200, 201].contains(again.status) && again.headers["idempotent-replayed"] == "true")
    }

    @Test func aFailedRequestOfALivingProcessCanBeMadeByAnother() throws {
        try installation.addTrigger("noUser", "BEFORE INSERT", on: "users")
        try installation.addTrigger("noDelete", "BEFORE DELETE", on: "idempotency_keys")
        let warm = try WarmFunction("create-user", in: installation)
        #expect(try warm.send(envelope("create-user")).status >= 500)
        try installation.dropTrigger("noUser", on: "users")
        try installation.dropTrigger("noDelete", on: "idempotency_keys")
        #expect(try send("create-user").status == 201)
        warm.end()
    }

    @Test func keysThatExpiredAreOthersToUse() throws {
        #expect(try send("create-user").status == 201)
        _ = try installation.query("UPDATE idempotency_keys SET expires_at = 1")
        #expect(try send("create-user").code == "CONFLICT", "made already, and not replayed")
    }
}
