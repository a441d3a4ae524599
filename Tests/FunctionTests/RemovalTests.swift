import Foundation
import Testing

/// Resources that are removed after a request was authorised and before it writes. The response is the one that the
/// same request would get a moment later, and nothing is left over.
@Suite struct RemovalTests {
    private let installation: Installation
    private let token: String
    private let workspace: String

    init() throws {
        installation = try Installation(environment: ["BLOBS": "files"])
        token = try installation.register()
        workspace = try installation.makeWorkspace(token)
    }

    private var files: [String] {
        let blobs = installation.folder.appendingPathComponent("data/blobs")
        return FileManager.default.enumerator(at: blobs, includingPropertiesForKeys: [.isRegularFileKey])?
            .compactMap { $0 as? URL }
            .filter { (try? $0.resourceValues(forKeys: [.isRegularFileKey]).isRegularFile) ?? false }
            .map(\.lastPathComponent) ?? []
    }

    /// Responses to requests that wait for the write lock while `removal` happens. Each is authorised while everything
    /// still exists: the lock is held far longer than that takes.
    private func answers(during removal: String, _ requests: [(name: String, envelope: [String: Any])]) throws
        -> [Answer]
    {
        let writer = try installation.holdWriteLock(seconds: 4, thenRun: removal)
        let running = try requests.map { name, envelope in
            try installation.start(name, input: try JSONSerialization.data(withJSONObject: envelope))
        }
        let answers = try running.map { try #require(try Answer.lines(try $0().standardOutput).first) }
        #expect(try writer().status == 0)
        return answers
    }

    private func envelope(_ body: [String: Any], headers: [String: String] = [:]) -> [String: Any] {
        [
            "headers": ["authorization": "Bearer \(token)"].merging(headers) { _, own in own },
            "pathParameters": ["workspaceId": workspace], "body": body,
        ]
    }

    @Test func aWorkspaceThatGoesIsNotFound() throws {
        _ = try installation.register("bob@example.com")
        let member: [String: Any] = ["email": "bob@example.com", "role": "viewer"]
        let upload = Installation.uploadEnvelope(
            [("a.txt", "text/plain", Data("gone".utf8))], to: workspace, token: token)
        let hook: [String: Any] = [
            "url": "https://example.com/", "events": ["*"], "workspaceId": workspace,
        ]
        let requests: [(String, [String: Any])] = [
            ("upload-document", upload), ("add-member", envelope(member)),
            ("add-member", envelope(member, headers: ["idempotency-key": "k"])),
            ("send-message", envelope(["message": "Hello?"])),
            ("send-message", envelope(["message": "Hello?", "stream": true])), ("create-webhook", envelope(hook)),
        ]
        let removal = "DELETE FROM members WHERE workspace_id = '\(workspace)';DELETE FROM workspaces"
        // NB: an administrator would have access to every existing workspace.
        _ = try installation.query("UPDATE users SET role = 'user'")
        for (answer, request) in zip(try answers(during: removal, requests), requests) {
            #expect(answer.status == 404 && answer.code == "NOT_FOUND", "\(request.0): \(answer.line)")
        }
        #expect(files.isEmpty)
    }

    @Test func anAccountThatGoesIsNotLetIn() throws {
        let requests: [(String, [String: Any])] = [
            ("create-workspace", envelope(["name": "Late"])), ("create-api-key", envelope(["name": "late"])),
        ]
        let removal = "DELETE FROM members;DELETE FROM workspaces;DELETE FROM sessions;DELETE FROM users"
        for (answer, request) in zip(try answers(during: removal, requests), requests) {
            #expect(answer.status == 401 && answer.code == "TOKEN_REVOKED", "\(request.0): \(answer.line)")
        }
    }

    @Test func filesWithoutADocumentAreSweptUp() throws {
        let kept = try installation.upload("kept", named: "a.txt", to: workspace, token: token)
        #expect(kept.status == 201)
        let name = try #require(files.first)
        let folder = installation.folder.appendingPathComponent("data/blobs/\(name.prefix(2))")
        let orphan = String(name.prefix(2)) + String(repeating: "0", count: 62)
        for (file, age) in [(orphan, 2.0), (".begun", 2.0), (name, 2.0), ("notes", 2.0)] + [
            (orphan.replacing("00", with: "11"), 0)
        ] {
            let url = folder.appendingPathComponent(file)
            if file != name { try Data("x".utf8).write(to: url) }
            let date = Date(timeIntervalSinceNow: -age * 86_400)
            try FileManager.default.setAttributes([.modificationDate: date], ofItemAtPath: url.path)
        }
        #expect(try installation.call("run-jobs").status == 200)
        #expect(Set(files) == [name, "notes", orphan.replacing("00", with: "11")])
    }
}
