import Models
import Wire

/// The outbox: events on their way to webhooks. An event is written in the transaction of the change it reports,
/// together with a job for each delivery. So no event is lost, and none reports a change that was rolled back.
///
/// A delivery records its attempts. Its job says when it is due and who sends it.
public struct EventStore {
    let database: Database

    var jobs: JobStore { JobStore(database: database) }

    // MARK: Recording

    /// Records an event for every webhook that subscribes to it. Call it in the write that makes the change. Without
    /// webhooks, it costs one read of a small table.
    public func record(
        _ kind: Event.Kind, in workspace: Workspace.ID?, at now: Timestamp,
        _ data: @autoclosure () -> some JSONRepresentable
    ) throws {
        try database.write {
            guard try hasWebhooks() else { return }
            let event = Event(kind, in: workspace, data(), at: now)
            let receivers = try WebhookStore(database: database).wanting(event, at: now)
            guard !receivers.isEmpty else { return }
            try add(event)
            for webhook in receivers { _ = try enqueue(event, for: webhook, dueAt: now, isLeased: false) }
        }
    }

    /// Read once in a write, which may record several events.
    private func hasWebhooks() throws -> Bool {
        if let known = database.hasWebhooks { return known }
        let found = try database.exists("SELECT 1 FROM webhooks LIMIT 1")
        database.hasWebhooks = found
        return found
    }

    /// Records a test event for one webhook. The caller has already claimed it and sends it now.
    public func recordTest(for webhook: Webhook, leaseSeconds: Int, at now: Timestamp) throws -> Claim? {
        try database.write {
            guard try database.exists("SELECT 1 FROM webhooks WHERE id = \(webhook.id)") else { return nil }
            let event = Event(.test, in: webhook.workspaceId, webhook, at: now)
            try add(event)
            return try claimed(enqueue(event, for: webhook.id, dueAt: now + leaseSeconds, isLeased: true))
        }
    }

    private func add(_ event: Event) throws {
        try database.send(
            """
            INSERT INTO events (id, kind, payload, created_at)
            VALUES (\(event.id), \(event.kind), \(event.payload), \(event.createdAt))
            """)
    }

    private func enqueue(_ event: Event, for webhook: Webhook.ID, dueAt: Timestamp, isLeased: Bool) throws -> Job {
        let id = Delivery.ID.new(at: event.createdAt)
        try database.send(
            """
            INSERT INTO deliveries (id, webhook_id, event_id, status, created_at)
            VALUES (\(id), \(webhook), \(event.id), \(Delivery.Status.pending), \(event.createdAt))
            """)
        return try jobs.enqueue(.webhook, id.text, in: webhook.text, dueAt: dueAt, isLeased: isLeased)
    }

    // MARK: Listing deliveries

    /// Newest first.
    public func deliveries(of webhook: Webhook.ID, status: Delivery.Status?, page: PageRequest) throws -> Page<Delivery>
    {
        var condition: SQL = "d.webhook_id = \(webhook)"
        if let status { condition = "\(condition) AND d.status = \(status)" }
        return try database.page(
            from: "deliveries d JOIN events e ON e.id = d.event_id WHERE \(condition)",
            counted: "deliveries d WHERE \(condition)", order: "d.id DESC", page)
    }

    public func find(_ id: Delivery.ID, of webhook: Webhook.ID) throws -> Delivery? {
        try database.first(
            from: """
                deliveries d JOIN events e ON e.id = d.event_id WHERE d.id = \(id) AND d.webhook_id = \(webhook)
                """)
    }

    /// Makes a delivery due now and resets its attempts.
    public func retry(_ id: Delivery.ID, of webhook: Webhook.ID, at now: Timestamp) throws -> Delivery {
        try database.write {
            let changed = try database.run(
                """
                UPDATE deliveries SET status = 'pending', attempts = 0 WHERE id = \(id) AND webhook_id = \(webhook)
                """)
            if changed > 0 { try jobs.enqueue(.webhook, id.text, in: webhook.text, dueAt: now) }
            guard let delivery = try find(id, of: webhook) else { throw APIError.notFound("Delivery") }
            return delivery
        }
    }
}

extension Delivery: Record {
    static let columns = SQL(columnsOf: Self.self)

    init(from row: inout Row) {
        self.init(
            id: row["d.id"], eventId: row["d.event_id"], event: row["e.kind"], status: row["d.status"],
            attempts: row["d.attempts"], responseStatus: row["d.response_status"], error: row["d.error"],
            lastAttemptAt: row["d.last_attempt_at"],
            nextAttemptAt: row["(SELECT due_at FROM jobs WHERE jobs.kind = 'webhook' AND subject = d.id)"],
            payload: row["e.payload"], createdAt: row["d.created_at"])
    }
}
