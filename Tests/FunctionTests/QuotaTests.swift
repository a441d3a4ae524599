import Foundation
import Testing

/// `QUOTA_BYTES`: the limit on the documents of a workspace, and on those of an account.
@Suite struct QuotaTests {
    private func text(_ bytes: Int, _ letter: String) -> String { String(repeating: letter, count: bytes) }

    @Test func whatIsTooMuchIsRefusedAndTheAnswerTellsWhatIsLeft() throws {
        let installation = try Installation(environment: ["QUOTA_BYTES": "1000"])
        let token = try installation.register()
        let (first, second) = (try installation.makeWorkspace(token), try installation.makeWorkspace(token, name: "B"))
        let made = try installation.upload(text(600, "a"), named: "a.txt", to: first, token: token)
        #expect(made.status == 201)
        #expect(made.headers["x-quota-limit"] == "1000" && made.headers["x-quota-remaining"] == "400")
        // The account's quota applies wherever it uploads.
        for workspace in [first, second] {
            let refused = try installation.upload(text(401, "b"), named: "b.txt", to: workspace, token: token)
            #expect(refused.status == 413 && refused.code == "QUOTA_EXCEEDED")
            #expect(refused.headers["x-quota-remaining"] == "400")
        }
        let known = try installation.upload(text(600, "a"), named: "a.txt", to: first, token: token)
        #expect(known.status == 200, "bytes that are there already take nothing")
        #expect(try installation.upload(text(400, "c"), named: "c.txt", to: second, token: token).status == 201)
        let id = try #require(made.data["id"] as? String)
        _ = try installation.call(
            "delete-document", token: token, path: ["workspaceId": first, "documentId": id])
        #expect(try installation.upload(text(600, "d"), named: "d.txt", to: first, token: token).status == 201)
    }

    @Test func theWorkspacesQuotaHoldsForAllMembers() throws {
        let installation = try Installation(environment: ["QUOTA_BYTES": "1000"])
        let (ada, bob) = (try installation.register(), try installation.register("bob@example.com"))
        let workspace = try installation.makeWorkspace(ada)
        _ = try installation.call(
            "add-member", token: ada, path: ["workspaceId": workspace],
            body: ["email": "bob@example.com", "role": "editor"])
        #expect(try installation.upload(text(600, "a"), named: "a.txt", to: workspace, token: ada).status == 201)
        let refused = try installation.upload(text(500, "b"), named: "b.txt", to: workspace, token: bob)
        #expect(refused.code == "QUOTA_EXCEEDED")
    }

    @Test func itIsExactForUploadsAtOnce() throws {
        let installation = try Installation(environment: ["QUOTA_BYTES": "1000", "BLOBS": "files"])
        let token = try installation.register()
        let workspace = try installation.makeWorkspace(token)
        let running = try (0..<8).map { number in
            let envelope = Installation.uploadEnvelope(
                [("\(number).txt", "text/plain", Data(text(300, "\(number)").utf8))], to: workspace, token: token)
            return try installation.start(
                "upload-document", input: try JSONSerialization.data(withJSONObject: envelope))
        }
        let answers = try running.map { try #require(try Answer.lines(try $0().standardOutput).first) }
        #expect(answers.map(\.status).sorted() == [201, 201, 201] + Array(repeating: 413, count: 5))
        #expect(try installation.query("SELECT sum(size) FROM documents") == ["900"])
        let blobs = installation.folder.appendingPathComponent("data/blobs")
        let files = FileManager.default.enumerator(at: blobs, includingPropertiesForKeys: nil)?
            .compactMap { $0 as? URL }.filter { !$0.hasDirectoryPath }
        #expect(files?.count == 3, "what is refused leaves no file")
    }

    @Test func ofSeveralFilesThoseThatFitAreTakenIn() throws {
        let installation = try Installation(environment: ["QUOTA_BYTES": "1000"])
        let token = try installation.register()
        let workspace = try installation.makeWorkspace(token)
        let files = [("a", 600), ("b", 500), ("c", 400)].map { name, size in
            (name: "\(name).txt", type: "text/plain", content: Data(text(size, name).utf8))
        }
        let answer = try installation.upload(files, to: workspace, token: token)
        #expect(answer.status == 201 && answer.list.count == 2)
        let errors = answer.json["errors"] as? [[String: Any]]
        #expect(errors?.compactMap { $0["code"] as? String } == ["QUOTA_EXCEEDED"])
        #expect(answer.headers["x-quota-remaining"] == "0")
    }

    @Test func withoutAQuotaNothingIsSaidOfIt() throws {
        let installation = try Installation()
        let token = try installation.register()
        let made = try installation.upload("text", named: "a.txt", to: installation.makeWorkspace(token), token: token)
        #expect(made.status == 201 && made.headers["x-quota-limit"] == nil)
    }
}
