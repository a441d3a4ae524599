import Foundation
import TestSupport
import Testing

/// What `run-jobs` removes after it has expired, without making other requests wait.
@Suite struct SweepTests {
    private let installation: Installation
    private let token: String
    private let webhook: String

    init() throws {
        installation = try Installation(environment: ["WEBHOOK_HISTORY": "20", "WEBHOOK_BACKLOG": "30"])
        token = try installation.register()
        webhook = try installation.makeWebhook("https://example.com/", token: token)
    }

    /// Adds deliveries that are some days old, each for a separate event.
    private func add(_ count: Int, days: Int, _ status: String = "succeeded") throws {
        let id =
            TestDatabase.isOnServer
            ? "'\(99 - days)\(status.prefix(2))' || lpad(CAST(i AS TEXT), 22, '0')"
            : "printf('\(99 - days)\(status.prefix(2))%022d', i)"
        try installation.runSQL(
            """
            CREATE TEMP TABLE new AS
            WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < \(count))
            SELECT \(id) AS id, \(Installation.now) - \(days * 86_400_000) AS at FROM n;
            INSERT INTO events SELECT 'evt_' || id, 'chat.message', '{}', at FROM new;
            INSERT INTO deliveries (id, webhook_id, event_id, status, attempts, created_at)
            SELECT 'dlv_' || id, '\(webhook)', 'evt_' || id, '\(status)', 1, at FROM new;
            INSERT INTO jobs (kind, subject, queue, due_at, attempts, attempted_at)
            SELECT 'webhook', 'dlv_' || id, '\(webhook)', at + 86400000000, 1, at FROM new
            WHERE '\(status)' = 'pending';
            """)
    }

    private func count(_ what: String) throws -> Int {
        Int(try installation.query("SELECT count(*) FROM \(what)").first ?? "") ?? -1
    }

    /// Sweeps until nothing is left to remove. Sends nothing.
    private func sweep() throws {
        let reports = try installation.batch("run-jobs", Array(repeating: ["body": ["seconds": 0]], count: 8))
        #expect(reports.allSatisfy { $0.status == 200 })
    }

    @Test func oldDeliveriesAreRemovedInBatches() throws {
        try add(20_000, days: 31)
        try add(5, days: 1)
        // What another process sees during the sweep: some of them are gone, and some are not.
        let ready = installation.folder.appendingPathComponent("ready")
        let watch = """
            import pathlib, sqlite3, sys
            c = sqlite3.connect(sys.argv[1], timeout=10)
            for _ in range(10**6):
                n = c.execute("SELECT count(*) FROM deliveries").fetchone()[0]
                if n < 20005: break
                pathlib.Path(sys.argv[2]).touch()
            print(n)
            """
        let database = installation.folder.appendingPathComponent("data/nexlayer.db").path
        let watching =
            TestDatabase.isOnServer
            ? try watchOnServer(ready)
            : try installation.start(
                "/usr/bin/python3", arguments: ["-c", watch, database, ready.path], input: Data())
        for _ in 0..<1000 where !FileManager.default.fileExists(atPath: ready.path) { usleep(10_000) }
        try sweep()
        let seen = Int(String(decoding: try watching().standardOutput, as: UTF8.self).trimmingCharacters(in: .newlines))
        #expect(try #require(seen) > 5, "not all in one write")
        #expect(try count("deliveries") == 5 && count("events") == 5)
    }

    private func watchOnServer(_ ready: URL) throws -> () throws -> Installation.Output {
        let words = try TestDatabase.psql(for: installation.folder.path)
        let watch = """
            for i in $(seq 5000); do
                n=$("$@" -c "SELECT count(*) FROM deliveries") && [ $n -lt 20005 ] && break
                touch \(ready.path)
            done
            echo $n
            """
        return try installation.start("/bin/sh", arguments: ["-c", watch, "sh"] + words, input: Data())
    }

    @Test func theNumberOfDeliveriesThatAreKeptHasABound() throws {
        try add(700, days: 2, "failed")
        try add(20, days: 1)
        try sweep()
        #expect(try count("deliveries") == 20 && count("deliveries WHERE status = 'succeeded'") == 20)
        #expect(try count("events") == 20)
    }

    @Test func theNumberOfDeliveriesThatWaitHasABound() throws {
        try add(40, days: 1, "pending")
        try sweep()
        #expect(try count("deliveries WHERE status = 'pending'") == 30)
        let failed = try installation.query("SELECT DISTINCT error FROM deliveries WHERE status = 'failed'")
        #expect(failed == ["More than 30 deliveries were waiting"])
    }

    @Test func aWebhookThatIsRemovedIsGoneAtOnceAndItsDeliveriesLater() throws {
        try add(600, days: 1, "pending")
        let path = ["webhookId": webhook]
        #expect(try installation.call("delete-webhook", token: token, path: path).status == 200)
        #expect(try installation.call("list-webhooks", token: token).list.isEmpty)
        for name in ["get-webhook", "delete-webhook", "list-deliveries", "test-webhook"] {
            #expect(try installation.call(name, token: token, path: path).status == 404)
        }
        try sweep()
        #expect(try count("webhooks") == 0 && count("deliveries") == 0 && count("events") == 0)
        #expect(try count("jobs WHERE kind = 'webhook'") == 0)
    }

    @Test func sessionsThatAreOverAreRemoved() throws {
        let login = try installation.call("login", body: ["email": "ada@example.com", "password": "correct horse"])
        let first = try #require(login.data["refreshToken"] as? String)
        let second = try installation.call("refresh-token", body: ["refreshToken": first])
        #expect(second.status == 200)
        // The session of the registration has expired; the one of the login has not.
        _ = try installation.query(
            "UPDATE sessions SET expires_at = 1 WHERE id = (SELECT min(id) FROM sessions)")
        _ = try installation.query(
            "UPDATE refresh_tokens SET expires_at = 1 WHERE session_id = (SELECT min(id) FROM sessions)")
        try sweep()
        #expect(try count("sessions") == 1)
        #expect(try count("refresh_tokens") == 2 && count("refresh_tokens WHERE used_at IS NOT NULL") == 1)
    }
}
