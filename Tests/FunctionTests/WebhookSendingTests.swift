import Foundation
import TestSupport
import Testing

/// Deliveries: signed, retried, and never lost.
@Suite struct WebhookSendingTests: WebhookTesting {
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
        // Nothing listens on this port.
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
        // Like a webhook that was created when private addresses were allowed.
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
        let installation = try Installation(environment: ["BLOBS": "files"])
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
        // A short timeout makes a short lease, so what a killed sender had claimed is soon free again.
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
            // Ends the leases, so that the next sender need not wait, and gives it as many slots.
            try installation.runSQL(
                "UPDATE jobs SET due_at = 1 WHERE kind = 'webhook'; UPDATE webhooks SET is_quick = TRUE;")
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
