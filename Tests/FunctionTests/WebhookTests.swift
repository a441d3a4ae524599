import Foundation
import TestSupport
import Testing

@Suite struct WebhookTests {
    /// Writes down every request as a line of JSON. Answers 200, except where the path asks for
    /// something else: `/one-in-three-fails`, `/gone`, `/redirect`, `/slow` (until the file `go` is there).
    private static let receiver = #"""
        lock = threading.Lock()
        seen = {}
        class Receiver(Handler):
            def do_POST(self):
                body = self.body().decode()
                headers = {name.lower(): value for name, value in self.headers.items()}
                with lock:
                    count = seen[self.path] = seen.get(self.path, 0) + 1
                    with open("received", "a") as file:
                        file.write(json.dumps({"path": self.path, "headers": headers, "body": body}) + "\n")
                if self.path == "/gone": return self.reply(410)
                if self.path == "/slow":
                    for _ in range(500):
                        if os.path.exists("go"): break
                        time.sleep(0.02)
                if self.path == "/redirect": return self.reply(302, Location="http://127.0.0.1:%d/moved" % self.server.server_port)
                self.reply(500 if self.path == "/one-in-three-fails" and count % 3 == 0 else 200)
        server = Server(("127.0.0.1", 0), Receiver)
        ready(server.server_port)
        server.serve_forever()
        """#

    private struct Received {
        let headers: [String: String]
        let body: [String: Any]
        var id: String { headers["webhook-id"] ?? "" }
    }

    private func received(_ server: PythonServer, at path: String) throws -> [Received] {
        let text = (try? String(contentsOf: server.folder.appendingPathComponent("received"), encoding: .utf8)) ?? ""
        return try text.split(separator: "\n").compactMap { line in
            let request = try #require(try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
            guard request["path"] as? String == path else { return nil }
            let body = try JSONSerialization.jsonObject(with: Data((request["body"] as? String ?? "").utf8))
            return Received(
                headers: request["headers"] as? [String: String] ?? [:], body: body as? [String: Any] ?? [:])
        }
    }

    private static let open = ["WEBHOOK_ALLOW_PRIVATE": "1", "WEBHOOK_RETRIES": "0,0,0,0,0,0,0,0,0,0,0,0"]

    private func make(_ installation: Installation, _ token: String, _ body: [String: Any]) throws -> Answer {
        try installation.call("create-webhook", token: token, body: body)
    }

    private func deliveries(_ installation: Installation, _ token: String, of id: String, status: String? = nil) throws
        -> Answer
    {
        let query = ["limit": "100"].merging(status.map { ["status": $0] } ?? [:]) { first, _ in first }
        return try installation.call("list-deliveries", token: token, path: ["webhookId": id], query: query)
    }

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

    // MARK: Delivering

    @Test func deliveriesArriveSigned() throws {
        let server = try PythonServer(Self.receiver)
        let installation = try Installation(environment: Self.open)
        let token = try installation.register()
        let url = "http://127.0.0.1:\(server.port)/hook"
        let id = try #require(
            try make(installation, token, ["url": url, "events": ["workspace.created"]]).data["id"] as? String)
        let workspace = try installation.makeWorkspace(token)
        let report = try installation.call("run-jobs")
        #expect(report.data["succeeded"] as? Int == 1 && report.data["nextDueAt"] is NSNull)
        let arrived = try #require(try received(server, at: "/hook").first)
        #expect((arrived.body["data"] as? [String: Any])?["id"] as? String == workspace)
        #expect(arrived.id == arrived.body["id"] as? String)
        #expect(arrived.headers["webhook-signature"]?.hasPrefix("v1,") == true)
        #expect(arrived.headers["content-type"] == "application/json")
        let delivery = try #require(try deliveries(installation, token, of: id).list.first)
        #expect(delivery["status"] as? String == "succeeded" && delivery["responseStatus"] as? Int == 200)

        let retried = try installation.call(
            "retry-delivery", token: token,
            path: ["webhookId": id, "deliveryId": try #require(delivery["id"] as? String)])
        #expect(retried.data["status"] as? String == "pending")
        #expect(try installation.call("run-jobs").data["succeeded"] as? Int == 1)
        #expect(
            try received(server, at: "/hook").map(\.id) == [arrived.id, arrived.id], "the same event, so the same id")

        let test = try installation.call("test-webhook", token: token, path: ["webhookId": id])
        #expect(test.data["status"] as? String == "succeeded" && test.data["event"] as? String == "webhook.test")
    }

    @Test func failuresAreTriedAgainUntilTheScheduleEnds() throws {
        let installation = try Installation(environment: ["WEBHOOK_ALLOW_PRIVATE": "1", "WEBHOOK_RETRIES": "0,3600"])
        let token = try installation.register()
        // Nothing listens there.
        let id = try #require(
            try make(installation, token, ["url": "http://127.0.0.1:9/", "events": ["workspace.*"]]).data["id"]
                as? String)
        _ = try installation.makeWorkspace(token)
        let report = try installation.call("run-jobs")
        #expect(report.data["postponed"] as? Int == 2, "the second attempt is due at once, the third in an hour")
        let delivery = try #require(try deliveries(installation, token, of: id, status: "pending").list.first)
        #expect(delivery["attempts"] as? Int == 2 && (delivery["error"] as? String)?.contains("no connection") == true)
        #expect(try installation.call("run-jobs").data["postponed"] as? Int == 0)
        let test = try installation.call("test-webhook", token: token, path: ["webhookId": id])
        #expect(test.status == 200 && test.data["status"] as? String == "failed")
    }

    @Test func aReceiverThatIsGoneIsToldNothingMore() throws {
        let server = try PythonServer(Self.receiver)
        let installation = try Installation(environment: Self.open)
        let token = try installation.register()
        let url = "http://127.0.0.1:\(server.port)/gone"
        let id = try #require(
            try make(installation, token, ["url": url, "events": ["workspace.*"]]).data["id"] as? String)
        for _ in 0..<3 { _ = try installation.makeWorkspace(token) }
        #expect(try installation.call("run-jobs").data["failed"] as? Int == 1)
        #expect(try received(server, at: "/gone").count == 1)
        #expect(try deliveries(installation, token, of: id, status: "failed").list.count == 3)
        #expect(
            try installation.call("get-webhook", token: token, path: ["webhookId": id]).data["active"] as? Bool == false
        )
    }

    @Test(arguments: [
        "https://127.0.0.1:%d/", "https://localhost:%d/", "https://[::1]:%d/", "https://2130706433:%d/",
        "https://0x7f.1:%d/",
        "https://[::ffff:127.0.0.1]:%d/", "https://169.254.169.254/latest/meta-data/", "https://0.0.0.0:%d/",
        "https://10.0.0.1/", "https://[fd00::1]/", "https://no-such-host.invalid/",
    ])
    func privateAddressesGetNothing(_ form: String) throws {
        let server = try PythonServer(Self.receiver)
        let installation = try Installation()
        let token = try installation.register()
        let url = form.replacingOccurrences(of: "%d", with: "\(server.port)")
        let body: [String: Any] = ["url": "https://example.com/", "events": ["workspace.*"]]
        let id = try #require(try make(installation, token, body).data["id"] as? String)
        // As one that was made where private addresses were allowed.
        _ = try installation.query("UPDATE webhooks SET url = '\(url)'")
        _ = try installation.makeWorkspace(token)
        #expect(try installation.call("run-jobs").data["postponed"] as? Int == 1)
        let delivery = try #require(try deliveries(installation, token, of: id).list.first)
        #expect(delivery["error"] as? String == "The host has no address, or one that is not public")
        #expect(!FileManager.default.fileExists(atPath: server.folder.appendingPathComponent("received").path))
    }

    @Test func plainHTTPIsRefusedWhereAddressesMustBePublic() throws {
        let installation = try Installation()
        let token = try installation.register()
        #expect(try make(installation, token, ["url": "http://example.com/", "events": ["*"]]).fields == ["url"])
        let made = try make(installation, token, ["url": "https://example.com/", "events": ["*"]])
        let path = ["webhookId": try #require(made.data["id"] as? String)]
        let body = ["url": "http://example.com/"]
        #expect(try installation.call("update-webhook", token: token, path: path, body: body).fields == ["url"])
    }

    @Test func aSlowReceiverHoldsUpNobody() throws {
        let server = try PythonServer(Self.receiver)
        let installation = try Installation(environment: Self.open)
        let token = try installation.register()
        let base = "http://127.0.0.1:\(server.port)"
        _ = try make(installation, token, ["url": base + "/slow", "events": ["workspace.created"]])
        for _ in 0..<4 { _ = try installation.makeWorkspace(token) }
        _ = try make(installation, token, ["url": base + "/hook", "events": ["workspace.created"]])
        _ = try installation.makeWorkspace(token)
        let running = try (0..<2).map { _ in try installation.start("run-jobs", input: Data("{}".utf8)) }
        while try received(server, at: "/slow").isEmpty || received(server, at: "/hook").isEmpty { usleep(10_000) }
        let report = try installation.call("run-jobs")
        #expect(report.data["succeeded"] as? Int == 0 && report.data["postponed"] as? Int == 0)
        try Data().write(to: server.folder.appendingPathComponent("go"))
        for end in running { #expect(try end().status == 0) }
        #expect(try received(server, at: "/slow").count == 5)
    }

    @Test func aWebhookThatIsSwitchedOffGetsNothingMore() throws {
        let server = try PythonServer(Self.receiver)
        let installation = try Installation(environment: Self.open)
        let token = try installation.register()
        let url = "http://127.0.0.1:\(server.port)/hook"
        let id = try #require(
            try make(installation, token, ["url": url, "events": ["workspace.*"]]).data["id"] as? String)
        _ = try installation.makeWorkspace(token)
        let path = ["webhookId": id]
        #expect(
            try installation.call("update-webhook", token: token, path: path, body: ["active": false]).status == 200)
        #expect(
            try installation.call("run-jobs").data["succeeded"] as? Int == 0 && received(server, at: "/hook").isEmpty)
        #expect(try installation.call("update-webhook", token: token, path: path, body: ["active": true]).status == 200)
        #expect(try installation.call("run-jobs").data["succeeded"] as? Int == 1)
    }

    @Test func redirectsAreNotFollowed() throws {
        let server = try PythonServer(Self.receiver)
        let installation = try Installation(environment: Self.open.merging(["WEBHOOK_RETRIES": "60"]) { $1 })
        let token = try installation.register()
        _ = try make(
            installation, token, ["url": "http://127.0.0.1:\(server.port)/redirect", "events": ["workspace.*"]])
        _ = try installation.makeWorkspace(token)
        #expect(try installation.call("run-jobs").data["postponed"] as? Int == 1)
        #expect(try received(server, at: "/redirect").count == 1 && received(server, at: "/moved").isEmpty)
    }

    @Test func whatKilledUploadsLeftBehindIsRemovedAfterADay() throws {
        let installation = try Installation()
        _ = try installation.register()
        let folder = installation.folder.appendingPathComponent("data/blobs/ab")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let (old, new) = (folder.appendingPathComponent(".abcd.1"), folder.appendingPathComponent(".abcd.2"))
        for file in [old, new] { try Data("part".utf8).write(to: file) }
        try FileManager.default.setAttributes(
            [.modificationDate: Date(timeIntervalSinceNow: -90_000)], ofItemAtPath: old.path)
        #expect(try installation.call("run-jobs").status == 200)
        #expect(!FileManager.default.fileExists(atPath: old.path) && FileManager.default.fileExists(atPath: new.path))
    }

    @Test func nothingIsLostWhenSendersAreKilled() throws {
        let server = try PythonServer(Self.receiver)
        // A short timeout makes a short lease, so that what a killed sender had claimed is soon free.
        let installation = try Installation(
            environment: Self.open.merging([
                "WEBHOOK_TIMEOUT": "1", "WEBHOOK_LEASE_SLACK": "1", "WEBHOOK_CONCURRENCY": "100",
            ]) { $1 })
        let token = try installation.register()
        let url = "http://127.0.0.1:\(server.port)/one-in-three-fails"
        _ = try make(installation, token, ["url": url, "events": ["workspace.created"]])
        let envelopes = (0..<500).map { number -> [String: Any] in
            ["headers": ["authorization": "Bearer \(token)"], "body": ["name": "W\(number)"]]
        }
        let made = try installation.batch("create-workspace", envelopes)
        #expect(made.count == 500 && made.allSatisfy { $0.status == 201 })
        var killed = 0
        for _ in 0..<12 {
            if try installation.startAndKill("run-jobs", after: .random(in: 0.02...0.2)) { killed += 1 }
            // The next one need not wait until the leases of this one are over, and has as many slots.
            try installation.runSQL(
                "UPDATE deliveries SET next_attempt_at = 1 WHERE status = 'pending'; UPDATE webhooks SET is_quick = 1;")
        }
        #expect(killed > 3, "they were at work")
        for _ in 0..<60 {
            let running = try (0..<3).map { _ in try installation.start("run-jobs", input: Data("{}".utf8)) }
            let next = try running.map {
                try #require(try Answer.lines(try $0().standardOutput).first).data["nextDueAt"]
            }
            if next.allSatisfy({ $0 is NSNull }) { break }
            usleep(200_000)
        }
        let arrived = try received(server, at: "/one-in-three-fails")
        let ids = Set(arrived.compactMap { $0.body["id"] as? String })
        #expect(ids.count == 500, "every event arrived")
        #expect(arrived.allSatisfy { $0.id == $0.body["id"] as? String }, "whatever arrives twice has one id")
        let names = Set(arrived.compactMap { ($0.body["data"] as? [String: Any])?["name"] as? String })
        #expect(names.count == 500)
    }
}
