import Foundation
import TestSupport
import Testing

/// How deliveries are shared among receivers, and what counts as delivered.
@Suite struct DeliveryTests {
    @Test func deadReceiversHoldUpNobody() throws {
        let receiver = try WebhookReceiver(answering: "if path.startswith('/dead'): self.hold()")
        let installation = try Installation(environment: Installation.webhooksToMyself)
        let token = try installation.register()
        let spaces = try (0..<2).map { _ in try installation.makeWorkspace(token) }
        for space in spaces {
            let envelopes = (0..<20).map { number -> [String: Any] in
                [
                    "headers": ["authorization": "Bearer \(token)"],
                    "body": [
                        "url": receiver.url("/dead\(number)"), "events": ["workspace.updated"], "workspaceId": space,
                    ],
                ]
            }
            #expect(try installation.batch("create-webhook", envelopes).allSatisfy { $0.status == 201 })
            for _ in 0..<3 { try installation.updateWorkspace(space, token: token) }
        }
        // Neither another workspace's receiver nor another receiver of the same workspace has to wait.
        let other = try installation.makeWorkspace(token)
        _ = try installation.makeWebhook(receiver.url("/good"), for: other, token: token)
        for _ in 0..<3 { try installation.updateWorkspace(other, token: token) }
        let running = try installation.start("run-jobs", input: Data("{}".utf8))
        #expect(try receiver.has(3, at: "/good"), "while all the others hang")
        let leased = "SELECT count(*) FROM jobs WHERE kind = 'webhook' AND lease IS NOT NULL"
        #expect(try installation.query(leased) == ["40"])
        try receiver.release()
        #expect(try Answer.lines(running().standardOutput).first?.data["succeeded"] as? Int == 123)
    }

    @Test func aReceiverHasOneSlotUntilItTookOneAtOnce() throws {
        let receiver = try WebhookReceiver(answering: "self.hold()")
        let installation = try Installation(environment: Installation.webhooksToMyself)
        let token = try installation.register()
        let space = try installation.makeWorkspace(token)
        _ = try installation.makeWebhook(receiver.url("/"), token: token)
        for _ in 0..<5 { try installation.updateWorkspace(space, token: token) }
        let leased = "SELECT count(*) FROM jobs WHERE kind = 'webhook' AND lease IS NOT NULL"
        var running = try installation.start("run-jobs", input: Data("{}".utf8))
        #expect(try receiver.has(1, at: "/"))
        // A second process finds nothing that it may send.
        #expect(try installation.call("run-jobs").data["succeeded"] as? Int == 0)
        #expect(try installation.query(leased) == ["1"])
        try receiver.release()
        _ = try running()
        #expect(try installation.query("SELECT count(*) FROM deliveries WHERE status = 'succeeded'") == ["5"])
        // It was slow to accept the first delivery, and accepted a later one at once.
        #expect(try installation.query("SELECT count(*) FROM webhooks WHERE is_quick") == ["1"])
        try FileManager.default.removeItem(at: receiver.server.folder.appendingPathComponent("go"))
        for _ in 0..<5 { try installation.updateWorkspace(space, token: token) }
        running = try installation.start("run-jobs", input: Data("{}".utf8))
        #expect(try receiver.has(10, at: "/"), "all at once")
        #expect(try installation.query(leased) == ["5"])
        try receiver.release()
        _ = try running()
    }

    @Test func aSeriesEndsWithTheFirstDeliveryThatIsNotAnswered() throws {
        let receiver = try WebhookReceiver(answering: "if os.path.exists('go'): return self.raw(b'')")
        let installation = try Installation(
            environment: Installation.webhooksToMyself.merging(["WEBHOOK_CONCURRENCY": "1"]) { $1 })
        let token = try installation.register()
        let space = try installation.makeWorkspace(token)
        _ = try installation.makeWebhook(receiver.url("/"), token: token)
        for _ in 0..<9 { try installation.updateWorkspace(space, token: token) }
        // The first delivery shows that the receiver is quick, and the rest are sent in a series.
        #expect(try installation.call("run-jobs").data["succeeded"] as? Int == 9)
        #expect(try receiver.received(at: "/").count == 9, "each came once")
        for _ in 0..<9 { try installation.updateWorkspace(space, token: token) }
        try receiver.release()
        #expect(try installation.call("run-jobs").data["postponed"] as? Int == 9)
        let states = "SELECT DISTINCT status, attempts FROM deliveries ORDER BY status"
        #expect(try installation.query(states) == ["pending|1", "succeeded|1"], "each was tried, and counted once")
        let jobs =
            "SELECT DISTINCT attempts, CASE WHEN lease IS NULL THEN 1 ELSE 0 END FROM jobs WHERE kind = 'webhook'"
        #expect(try installation.query(jobs) == ["1|1"])
    }

    @Test func aWorkspaceHasALimitedNumberOfWebhooks() throws {
        let installation = try Installation(environment: ["WEBHOOKS_PER_WORKSPACE": "2"])
        let token = try installation.register()
        let (space, other) = (try installation.makeWorkspace(token), try installation.makeWorkspace(token))
        let ids = try (0..<2).map { _ in
            try installation.makeWebhook("https://example.com/", for: space, token: token)
        }
        let body: [String: Any] = ["url": "https://example.com/", "events": ["*"], "workspaceId": space]
        let refused = try installation.call("create-webhook", token: token, body: body)
        #expect(refused.status == 409 && refused.code == "CONFLICT")
        _ = try installation.makeWebhook("https://example.com/", for: other, token: token)
        for _ in 0..<3 { _ = try installation.makeWebhook("https://example.com/", token: token) }
        #expect(try installation.call("delete-webhook", token: token, path: ["webhookId": ids[0]]).status == 200)
        _ = try installation.makeWebhook("https://example.com/", for: space, token: token)
    }

    @Test(arguments: [
        // Endless; too large; cut off; badly chunked; with an invalid length; in an invalid encoding.
        "HTTP/1.1 200 OK\r\n\r\n' + b'x' * 50000000 + b'",
        "HTTP/1.1 202 OK\r\nContent-Length: 900000\r\n\r\n' + b'x' * 900000 + b'",
        "HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\nonly this",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nZZ\r\nx",
        "HTTP/1.1 200 OK\r\nContent-Length: many\r\n\r\nx", "HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 2\r\n\r\nok",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: bogus\r\n\r\nok",
        "HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\nHTTP/1.1 204 No Content\r\n\r\n",
    ])
    func aSuccessCountsWhateverFollowsItsHead(response: String) throws {
        let bytes = response.replacing("\r\n", with: "\\r\\n")
        let receiver = try WebhookReceiver(answering: "return self.raw(b'\(bytes)')")
        let installation = try Installation(environment: Installation.webhooksToMyself)
        let token = try installation.register()
        let space = try installation.makeWorkspace(token)
        let webhook = try installation.makeWebhook(receiver.url("/"), token: token)
        try installation.updateWorkspace(space, token: token)
        #expect(try installation.call("run-jobs").data["succeeded"] as? Int == 1)
        let delivery = try #require(try installation.deliveries(of: webhook, token: token).first)
        #expect(delivery["status"] as? String == "succeeded" && delivery["error"] is NSNull)
        #expect([200, 202, 204].contains(delivery["responseStatus"] as? Int))
    }

    @Test func aBodyThatNeverComesIsNotWaitedForLongerThanTheTimeout() throws {
        let receiver = try WebhookReceiver(
            answering: "self.raw(b'HTTP/1.1 200 OK\\r\\nContent-Length: 9\\r\\n\\r\\n')\nself.hold()\nreturn True")
        let installation = try Installation(
            environment: Installation.webhooksToMyself.merging(["WEBHOOK_TIMEOUT": "1"]) { $1 })
        let token = try installation.register()
        let webhook = try installation.makeWebhook(receiver.url("/"), token: token)
        let test = try installation.call("test-webhook", token: token, path: ["webhookId": webhook])
        #expect(test.data["status"] as? String == "succeeded" && test.data["responseStatus"] as? Int == 200)
    }

    @Test(arguments: ["", "HTTP/1.1 200 OK\r\nX-Half: a", "SSH-2.0-OpenSSH\r\n\r\n", "HTTP/1.1 103 Early\r\n\r\n"])
    func whatHasNoWholeHeadDoesNotCount(response: String) throws {
        let bytes = response.replacing("\r\n", with: "\\r\\n")
        let receiver = try WebhookReceiver(answering: "return self.raw(b'\(bytes)')")
        let installation = try Installation(environment: Installation.webhooksToMyself)
        let token = try installation.register()
        let webhook = try installation.makeWebhook(receiver.url("/"), token: token)
        let test = try installation.call("test-webhook", token: token, path: ["webhookId": webhook])
        #expect(test.data["status"] as? String == "failed" && test.data["responseStatus"] is NSNull)
        #expect((test.data["error"] as? String)?.isEmpty == false)
    }

    @Test func aSenderThatIsToEndGivesBackWhatItClaimed() throws {
        let receiver = try WebhookReceiver(answering: "if path == '/slow': self.hold()")
        let installation = try Installation(environment: Installation.webhooksToMyself)
        let token = try installation.register()
        let space = try installation.makeWorkspace(token)
        let slow = try installation.makeWebhook(receiver.url("/slow"), token: token)
        _ = try installation.makeWebhook(receiver.url("/quick"), token: token)
        try installation.updateWorkspace(space, token: token)
        let files = ["in", "out", "err"].map { installation.folder.appendingPathComponent("jobs.\($0)") }
        try Data("{}".utf8).write(to: files[0])
        let child = try installation.spawn("run-jobs", arguments: [], files: files)
        #expect(try receiver.has(1, at: "/slow"))
        kill(child, SIGTERM)
        var status: Int32 = 0
        while waitpid(child, &status, 0) < 0 && errno == EINTR {}
        #expect(status == 0, "it ends by itself, with an answer")
        #expect(try Answer.lines(Data(contentsOf: files[1])).first?.status == 200)
        let left = """
            SELECT status, d.attempts, j.attempts, CASE WHEN lease IS NULL THEN 1 ELSE 0 END
            FROM deliveries d JOIN jobs j ON subject = d.id
            WHERE webhook_id = '\(slow)' AND due_at <= \(Installation.now) + 999
            """
        #expect(try installation.query(left) == ["pending|0|0|1"], "due at once, as if nothing had been tried")
        try receiver.release()
        #expect(try installation.call("run-jobs").data["succeeded"] as? Int == 1)
        #expect(try receiver.received(at: "/quick").count == 1)
    }

    @Test func aClockThatIsSetBackDelaysNothing() throws {
        let receiver = try WebhookReceiver()
        let installation = try Installation(environment: Installation.webhooksToMyself)
        let token = try installation.register()
        let space = try installation.makeWorkspace(token)
        _ = try installation.makeWebhook(receiver.url("/"), token: token)
        let day = 86_400_000
        for change in [
            // New; being sent; waiting for a retry, also one sooner than a schedule allows.
            "due_at = due_at + \(day)", "due_at = due_at + \(day), lease = due_at + \(day)",
            "due_at = due_at + \(day), attempts = 1, attempted_at = due_at",
            "due_at = due_at + 600000, attempts = 1, attempted_at = due_at + 598000",
        ] {
            try installation.updateWorkspace(space, token: token)
            _ = try installation.query("UPDATE jobs SET \(change) WHERE kind = 'webhook'")
            #expect(try installation.call("run-jobs").data["succeeded"] as? Int == 1, "\(change)")
        }
        try installation.updateWorkspace(space, token: token)
        _ = try installation.query(
            """
            UPDATE jobs SET due_at = due_at + 600000, attempts = 1, attempted_at = due_at WHERE kind = 'webhook'
            """)
        #expect(try installation.call("run-jobs").data["succeeded"] as? Int == 0, "that one waits as it should")
    }
}
