import Foundation
import Models
import TestSupport
import Testing
import Wire

@testable import Storage

/// How slots are allocated among many webhooks.
@Suite final class DeliveryClaimTests {
    private let folder = FileManager.default.temporaryDirectory.appendingPathComponent("nexlayer-\(UUID().uuidString)")
    private let store: Store
    private let now = Timestamp(milliseconds: 1_800_000_000_000)
    private let slots = EventStore.Slots(leaseSeconds: 60, perWebhook: 8)

    init() throws {
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        store = try .forTests(in: folder.path)
        try store.database.script(
            """
            INSERT INTO users VALUES ('\(User.ID.new(at: now))', 'a', 'a', 'A', 'a', '*', 'admin', 'active', NULL, 1, 1);
            """)
    }

    deinit {
        TestDatabase.drop(for: folder.path)
        try? FileManager.default.removeItem(at: folder)
    }

    private var made = 0

    /// A new identifier. Not from `new(at:)`, whose generator belongs to one thread, while tests run side by side.
    private func id<Entity: Identified>() throws -> Identifier<Entity> {
        made += 1
        let digits = String(made)
        return try #require(
            Identifier("\(Entity.idPrefix)" + String(repeating: "0", count: 26 - digits.count) + digits))
    }

    /// Adds webhooks, each with a due delivery.
    private func add(_ count: Int, of workspace: Workspace.ID? = nil, to host: String, due age: Int) throws {
        try store.write {
            let admin: User.ID? = try store.database.value("SELECT id FROM users")
            let event: Event.ID = try id()
            try store.database.run(
                "INSERT INTO events (id, kind, payload, created_at) VALUES (\(event), 'test', '{}', 1)")
            for number in 0..<count {
                let (webhook, delivery): (Webhook.ID, Delivery.ID) = (try id(), try id())
                try store.database.run(
                    """
                    INSERT INTO webhooks (id, url, secret, events, workspace_id, description, is_active, created_at,
                        updated_at, owner_id)
                    VALUES (\(webhook), \("https://\(host)/\(number)"), 's', '*', \(workspace), '', TRUE, 1, 1, \(admin))
                    """)
                try store.database.run(
                    """
                    INSERT INTO deliveries (id, webhook_id, event_id, status, created_at)
                    VALUES (\(delivery), \(webhook), \(event), 'pending', 1)
                    """)
                try store.jobs.enqueue(.webhook, delivery.text, in: webhook.text, dueAt: now + -age)
            }
        }
    }

    private func claimedHosts(_ count: Int) throws -> [String] {
        try store.events.claimDue(atMost: count, of: slots, at: now).map { Webhook.receiver(of: $0.url) }
    }

    @Test func manyWebhooksOfOneReceiverHoldUpNoOther() throws {
        try add(3000, to: "many.example", due: 100)
        try add(1, to: "other.example", due: 1)
        try add(1, of: try id(), to: "workspace.example", due: 1)
        #expect(
            try claimedHosts(4).sorted() == ["many.example", "many.example", "other.example", "workspace.example"])
        // Webhooks that have a slot do not hold up others.
        try add(1, to: "late.example", due: 1)
        #expect(try claimedHosts(1) == ["late.example"])
    }

    @Test func manyWorkspacesHaveOneEachFirst() throws {
        for _ in 0..<50 { try add(20, of: try id(), to: "many.example", due: 100) }
        let latest: Workspace.ID = try id()
        try add(20, of: latest, to: "latest.example", due: 1)
        let hosts = try claimedHosts(60)
        #expect(hosts.count == 60 && hosts.contains("latest.example"))
        let most: Int? = try store.database.value(
            """
            SELECT max(number) FROM (
                SELECT count(*) AS number FROM jobs JOIN webhooks w ON w.id = queue
                WHERE lease IS NOT NULL GROUP BY workspace_id) AS numbers
            """)
        #expect(most == 2)
    }

    /// Other processes may write between the choice and the lock.
    @Test func whatChangedSinceItWasChosenIsLeftOut() throws {
        try add(6, to: "one.example", due: 1)
        let chosen = try store.events.choose(6, of: slots, at: now)
        try #require(chosen.count == 6)
        for (index, change) in [
            "UPDATE jobs SET lease = due_at + 90000, due_at = due_at + 90000 WHERE subject =",
            "UPDATE deliveries SET status = 'succeeded' WHERE id =", "DELETE FROM deliveries WHERE id =",
            "UPDATE webhooks SET is_active = FALSE WHERE id = (SELECT webhook_id FROM deliveries WHERE id =",
            "UPDATE webhooks SET owner_id = 'gone' WHERE id = (SELECT webhook_id FROM deliveries WHERE id =",
        ].enumerated() {
            let end = change.contains("(") ? ")" : ""
            try store.database.script("\(change) '\(chosen[index].job.subject)'\(end)")
        }
        let claimed = try store.events.claim(chosen, of: slots, at: now)
        #expect(claimed.map(\.id.text) == [chosen[5].job.subject])
        #expect(
            try store.database.value("SELECT count(*) FROM webhooks WHERE NOT is_active", as: Int.self) == 2,
            "one was switched off, one lost its rights")
    }

    /// Every slot used to be compared with every webhook, twice.
    @Test(.disabled(if: TestDatabase.isOnServer, "the server does the work")) func manySlotsCostLittleMoreThanOne()
        throws
    {
        try add(10_000, to: "many.example", due: 100)
        func time(_ count: Int) throws -> UInt64 {
            let start = processorTime()
            #expect(try claimedHosts(count).count == count)
            return processorTime() - start
        }
        let one = try time(1)
        #expect(try time(60) < 5 * one)
    }

    /// The processor time of this thread, which does not depend on the machine's other load.
    private func processorTime() -> UInt64 {
        var time = timespec()
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
        return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
    }
}
