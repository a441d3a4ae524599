import Models
import Platform
import Wire

/// What an installation keeps of what is over.
public struct Retention: Sendable {
    /// How long deliveries that are done, and their events, are kept, in seconds.
    public var seconds = 30 * 24 * 3600
    /// How many deliveries that are done are kept of each webhook.
    public var deliveries: Int
    /// How many deliveries may wait for each webhook; of more, the oldest fail.
    public var waiting: Int

    public init(deliveries: Int, waiting: Int) { (self.deliveries, self.waiting) = (deliveries, waiting) }
}

extension Store {
    /// Removes what is over, a batch a write, for about so many milliseconds; what is left is for the next call.
    ///
    /// - Returns: true when nothing is left.
    public func tidy(_ retention: Retention, milliseconds: Int64, at now: Timestamp) throws -> Bool {
        let end = Moment.now.adding(milliseconds: milliseconds)
        let tidying = Tidying(database: database, events: events)
        let steps: [() throws -> Bool] = [
            { try self.events.failDisabledBatch() },
            { try tidying.removeDeliveries(before: now + -retention.seconds) },
            { try tidying.removeEvents(before: now + -retention.seconds) },
            { try tidying.removeWebhooksOfRemovedWorkspaces() },
            { try tidying.removeDeliveriesOfRemovedWebhooks() },
            { try tidying.removeSurplus(keeping: retention.deliveries) },
            { try tidying.failSurplus(keeping: retention.waiting) },
            { try tidying.removeRefreshTokens(before: now) },
            { try tidying.removeSessions(before: now) },
        ]
        for step in steps {
            while try step() {
                if Moment.now >= end { return false }
            }
        }
        return true
    }

    /// Fails what waits for webhooks that were disabled.
    public func failDisabledDeliveries() throws {
        while try events.failDisabledBatch() {}
    }
}

/// The steps. Each looks before it locks, and returns whether it found something.
private struct Tidying {
    let database: Database
    let events: EventStore

    private static let batchSize = EventStore.batchSize
    private typealias Done = (delivery: Delivery.ID, event: Event.ID)

    /// Removes the deliveries that a query finds, and the events that are left with none.
    private func removeDeliveries(_ found: SQL) throws -> Bool {
        if try database.first(found, { _ in true }) == nil { return false }
        return try database.maintain {
            let done: [Done] = try database.all(found) { ($0.next(), $0.next()) }
            for (delivery, _) in done { try database.run("DELETE FROM deliveries WHERE id = \(delivery)") }
            for event in Set(done.map(\.event)) {
                try database.run(
                    """
                    DELETE FROM events WHERE id = \(event)
                        AND NOT EXISTS (SELECT 1 FROM deliveries WHERE event_id = \(event))
                    """)
            }
            return !done.isEmpty
        }
    }

    func removeDeliveries(before time: Timestamp) throws -> Bool {
        try removeDeliveries(
            """
            SELECT id, event_id FROM deliveries WHERE status <> 'pending' AND created_at < \(time)
            LIMIT \(Self.batchSize)
            """)
    }

    /// Removes events that have no delivery.
    func removeEvents(before time: Timestamp) throws -> Bool {
        let found: SQL = """
            SELECT id FROM events WHERE created_at < \(time)
                AND NOT EXISTS (SELECT 1 FROM deliveries WHERE event_id = events.id) LIMIT \(Self.batchSize)
            """
        if try database.first(found, { _ in true }) == nil { return false }
        return try database.maintain { try database.run("DELETE FROM events WHERE id IN (\(found))") > 0 }
    }

    func removeDeliveriesOfRemovedWebhooks() throws -> Bool {
        // Skips from one webhook to the next in the index.
        let removed: Webhook.ID? = try database.value(
            """
            WITH RECURSIVE known (id) AS (
                SELECT min(webhook_id) FROM deliveries
                UNION ALL
                SELECT (SELECT min(webhook_id) FROM deliveries WHERE webhook_id > known.id)
                FROM known WHERE known.id IS NOT NULL)
            SELECT id FROM known
            WHERE id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM webhooks WHERE webhooks.id = known.id) LIMIT 1
            """)
        guard let removed else { return false }
        return try removeDeliveries(
            "SELECT id, event_id FROM deliveries WHERE webhook_id = \(removed) LIMIT \(Self.batchSize)")
    }

    /// Those of workspaces that are gone, once that was delivered.
    func removeWebhooksOfRemovedWorkspaces() throws -> Bool {
        let found: SQL = """
            SELECT id FROM webhooks WHERE workspace_id IS NOT NULL
                AND NOT EXISTS (SELECT 1 FROM workspaces WHERE workspaces.id = webhooks.workspace_id)
                AND (is_active = 0 OR NOT EXISTS (
                    SELECT 1 FROM deliveries WHERE webhook_id = webhooks.id AND status = 'pending'))
            LIMIT \(Self.batchSize)
            """
        guard try database.first(found, { _ in true }) != nil else { return false }
        return try database.maintain { try database.run("DELETE FROM webhooks WHERE id IN (\(found))") > 0 }
    }

    /// Removes deliveries that are done, but for the newest of each webhook.
    func removeSurplus(keeping count: Int) throws -> Bool {
        try eachWebhook { webhook in
            let oldestKept: Delivery.ID? = try database.value(
                """
                SELECT id FROM deliveries WHERE webhook_id = \(webhook) AND status <> 'pending'
                ORDER BY id DESC LIMIT 1 OFFSET \(count)
                """)
            guard let oldestKept else { return false }
            return try removeDeliveries(
                """
                SELECT id, event_id FROM deliveries
                WHERE webhook_id = \(webhook) AND status <> 'pending' AND id <= \(oldestKept) LIMIT \(Self.batchSize)
                """)
        }
    }

    /// Fails deliveries that wait, but for the newest of each webhook.
    func failSurplus(keeping count: Int) throws -> Bool {
        try eachWebhook { webhook in
            let found: SQL = """
                SELECT id FROM deliveries WHERE webhook_id = \(webhook) AND status = 'pending' AND is_leased = 0
                ORDER BY id DESC LIMIT \(Self.batchSize) OFFSET \(count)
                """
            if try database.first(found, { _ in true }) == nil { return false }
            return try database.maintain {
                let surplus: [Delivery.ID] = try database.all(found) { $0.next() }
                for id in surplus { try events.fail(id, because: "More than \(count) deliveries were waiting") }
                return !surplus.isEmpty
            }
        }
    }

    private func eachWebhook(_ body: (Webhook.ID) throws -> Bool) throws -> Bool {
        for webhook in try database.all("SELECT id FROM webhooks", { $0.next(Webhook.ID.self) })
        where try body(webhook) { return true }
        return false
    }

    /// Removes refresh tokens that are over, used or not. Until then a used one is kept: that it comes again ends its
    /// session. After that, it is of no use to anyone.
    func removeRefreshTokens(before now: Timestamp) throws -> Bool {
        let found: SQL = "SELECT hash FROM refresh_tokens WHERE expires_at < \(now) LIMIT \(Self.batchSize)"
        if try database.first(found, { _ in true }) == nil { return false }
        return try database.maintain { try database.run("DELETE FROM refresh_tokens WHERE hash IN (\(found))") > 0 }
    }

    func removeSessions(before now: Timestamp) throws -> Bool {
        let found: SQL = "SELECT id FROM sessions WHERE expires_at < \(now) LIMIT \(Self.batchSize)"
        if try database.first(found, { _ in true }) == nil { return false }
        return try database.maintain { try database.run("DELETE FROM sessions WHERE id IN (\(found))") > 0 }
    }
}
