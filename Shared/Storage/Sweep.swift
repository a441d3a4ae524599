import Models
import Platform
import Wire

/// How long an installation keeps finished work.
public struct Retention: Sendable {
    /// How long to keep finished deliveries and their events, in seconds.
    public var seconds = 30 * 24 * 3600
    /// The number of finished deliveries to keep per webhook.
    public var deliveries: Int
    /// The number of deliveries that may wait per webhook. Beyond that, the oldest fail.
    public var waiting: Int

    public init(deliveries: Int, waiting: Int) { (self.deliveries, self.waiting) = (deliveries, waiting) }
}

extension Store {
    /// Longer than a sweep takes.
    private static let leaseSeconds = 300
    /// The interval between the end of a sweep and the next one.
    public static let sweepInterval = 3600
    /// The longest delay after a failed sweep.
    private static let longestDelay = 600
    /// The longest time an upload may take. An older file without a document is removed.
    private static let unfinishedSeconds = 24 * 3600

    /// The maximum lease and delay of sweeps.
    public static let sweepTimes = JobStore.Times(lease: leaseSeconds, wait: sweepInterval)

    /// Does the next sweep if one is due: removes expired rows, one batch per write, until done or until `end`; the
    /// next call continues. Returns false if no sweep is due.
    public func sweep(_ retention: Retention, until end: Moment, at now: Timestamp) throws -> Bool {
        guard try jobs.isDue(.sweep, at: now),
            let job = try jobs.claimNext(.sweep, for: Self.leaseSeconds, at: now)
        else { return false }
        do {
            let isDone = try sweep(job.subject, retention, until: end, at: now)
            try maintain { try jobs.repeatJob(job, at: isDone ? now + Self.sweepInterval : now, now: now) }
            return true
        } catch {
            let delay = min(1 << min(job.attempts, 16), Self.longestDelay)
            // If this fails too, the lease expires.
            _ = try? maintain { try jobs.retry(job, at: now + delay, because: "\(error)", now: now) }
            throw error
        }
    }

    private func sweep(_ subject: String, _ retention: Retention, until end: Moment, at now: Timestamp) throws -> Bool {
        let sweep = Sweep(database: database, events: events)
        let oldest = now + -retention.seconds
        let steps: [() throws -> Bool] =
            switch subject {
            case "deliveries":
                [
                    { try self.events.failDisabledBatch() },
                    { try sweep.removeDeliveries(before: oldest) },
                    { try sweep.removeEvents(before: oldest) },
                    { try sweep.removeWebhooksOfRemovedWorkspaces() },
                    { try sweep.removeDeliveriesOfRemovedWebhooks() },
                    { try sweep.removeSurplus(keeping: retention.deliveries) },
                    { try sweep.failSurplus(keeping: retention.waiting) },
                ]
            case "sessions":
                [{ try sweep.removeRefreshTokens(before: now) }, { try sweep.removeSessions(before: now) }]
            case "files":
                [
                    {
                        try self.blobs.removeEndedUploads(at: now)
                        try self.blobs.removeUnfinished(before: now + -Self.unfinishedSeconds)
                        return false
                    }
                ]
            default: []
            }
        for step in steps {
            while try step() {
                if Moment.now >= end { return false }
            }
        }
        return true
    }
}

/// The steps of a sweep. Each checks before it locks, and returns whether it found anything.
private struct Sweep {
    let database: Database
    let events: EventStore

    private static let batchSize = JobStore.batchSize

    private struct Found: Record {
        let delivery: Delivery.ID
        let event: Event.ID

        static let columns = SQL(columnsOf: Self.self)

        init(from row: inout Row) { (delivery, event) = (row["id"], row["event_id"]) }
    }

    /// Removes the deliveries that a query finds, and the events that have no other delivery.
    private func removeDeliveries(_ found: SQL) throws -> Bool {
        guard try database.exists("SELECT 1 FROM \(found)") else { return false }
        return try database.maintain {
            let deliveries = try database.all(from: found, as: Found.self)
            for found in deliveries {
                try events.jobs.cancel(.webhook, found.delivery.text)
                try database.run("DELETE FROM deliveries WHERE id = \(found.delivery)")
            }
            for event in Set(deliveries.map(\.event)) {
                try database.run(
                    """
                    DELETE FROM events WHERE id = \(event)
                        AND NOT EXISTS (SELECT 1 FROM deliveries WHERE event_id = \(event))
                    """)
            }
            return !deliveries.isEmpty
        }
    }

    func removeDeliveries(before time: Timestamp) throws -> Bool {
        try removeDeliveries(
            """
            deliveries WHERE status <> 'pending' AND created_at < \(time)
            LIMIT \(Self.batchSize)
            """)
    }

    /// Removes events without deliveries.
    func removeEvents(before time: Timestamp) throws -> Bool {
        let found: SQL = """
            SELECT id FROM events WHERE created_at < \(time)
                AND NOT EXISTS (SELECT 1 FROM deliveries WHERE event_id = events.id) LIMIT \(Self.batchSize)
            """
        guard try database.exists(found) else { return false }
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
            "deliveries WHERE webhook_id = \(removed) LIMIT \(Self.batchSize)")
    }

    /// Removes the webhooks of deleted workspaces once the event that reports the deletion has been delivered.
    func removeWebhooksOfRemovedWorkspaces() throws -> Bool {
        let found: SQL = """
            SELECT id FROM webhooks WHERE workspace_id IS NOT NULL
                AND NOT EXISTS (SELECT 1 FROM workspaces WHERE workspaces.id = webhooks.workspace_id)
                AND (NOT is_active OR NOT EXISTS (
                    SELECT 1 FROM jobs WHERE jobs.kind = \(Job.Kind.webhook) AND queue = webhooks.id))
            LIMIT \(Self.batchSize)
            """
        guard try database.exists(found) else { return false }
        return try database.maintain { try database.run("DELETE FROM webhooks WHERE id IN (\(found))") > 0 }
    }

    /// Removes all but the newest finished deliveries of each webhook.
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
                deliveries
                WHERE webhook_id = \(webhook) AND status <> 'pending' AND id <= \(oldestKept) LIMIT \(Self.batchSize)
                """)
        }
    }

    /// Fails all but the newest waiting deliveries of each webhook.
    func failSurplus(keeping count: Int) throws -> Bool {
        try eachWebhook { webhook in
            let found: SQL = """
                SELECT id FROM deliveries WHERE webhook_id = \(webhook) AND status = 'pending' AND id NOT IN (
                    SELECT subject FROM jobs
                    WHERE kind = \(Job.Kind.webhook) AND lease IS NOT NULL AND due_at > \(JobStore.atOnce))
                ORDER BY id DESC LIMIT \(Self.batchSize) OFFSET \(count)
                """
            guard try database.exists(found) else { return false }
            return try database.maintain {
                let surplus: [Delivery.ID] = try database.values(found)
                for id in surplus { try events.fail(id, because: "More than \(count) deliveries were waiting") }
                return !surplus.isEmpty
            }
        }
    }

    private func eachWebhook(_ body: (Webhook.ID) throws -> Bool) throws -> Bool {
        for webhook in try database.values("SELECT id FROM webhooks", as: Webhook.ID.self)
        where try body(webhook) { return true }
        return false
    }

    /// Removes expired refresh tokens, used or not. Used tokens are kept until they expire, because reuse ends the
    /// session.
    func removeRefreshTokens(before now: Timestamp) throws -> Bool {
        let found: SQL = "SELECT hash FROM refresh_tokens WHERE expires_at < \(now) LIMIT \(Self.batchSize)"
        guard try database.exists(found) else { return false }
        return try database.maintain { try database.run("DELETE FROM refresh_tokens WHERE hash IN (\(found))") > 0 }
    }

    func removeSessions(before now: Timestamp) throws -> Bool {
        let found: SQL = "SELECT id FROM sessions WHERE expires_at < \(now) LIMIT \(Self.batchSize)"
        guard try database.exists(found) else { return false }
        return try database.maintain { try database.run("DELETE FROM sessions WHERE id IN (\(found))") > 0 }
    }
}
