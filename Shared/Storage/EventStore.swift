import Models
import Wire

/// The outbox: events on their way to webhooks. An event is written in the transaction of what it
/// tells of, so none is lost, and none tells of what was rolled back.
public struct EventStore {
    let database: Database

    private static let columns: SQL = """
        d.id, d.event_id, e.kind, d.status, d.attempts, d.response_status, d.error, d.last_attempt_at,
        d.next_attempt_at, e.payload, d.created_at
        """

    // MARK: Recording

    /// Notes an event for every webhook that wants it. Call it in the write that makes it true. Costs
    /// one read of a small table where there are no webhooks.
    public func record(
        _ kind: Event.Kind, in workspace: Workspace.ID?, at now: Timestamp,
        _ data: @autoclosure () -> some JSONRepresentable
    ) throws {
        try database.write {
            guard try database.value("SELECT 1 FROM webhooks LIMIT 1", as: Int.self) != nil else { return }
            let event = Event(kind, in: workspace, data(), at: now)
            let receivers = try WebhookStore(database: database).wanting(event, at: now)
            guard !receivers.isEmpty else { return }
            try add(event)
            for webhook in receivers { _ = try enqueue(event, for: webhook, dueAt: now) }
        }
    }

    /// Notes a test event for one webhook, already claimed by the caller, who sends it now.
    public func recordTest(for webhook: Webhook, leaseSeconds: Int, at now: Timestamp) throws -> Claim? {
        try database.write {
            guard try database.value("SELECT 1 FROM webhooks WHERE id = \(webhook.id)", as: Int.self) != nil
            else { return nil }
            let event = Event(.test, in: webhook.workspaceId, webhook, at: now)
            try add(event)
            let id = try enqueue(event, for: webhook.id, dueAt: now)
            return try claim(id, until: now + leaseSeconds)
        }
    }

    private func add(_ event: Event) throws {
        try database.run(
            """
            INSERT INTO events (id, kind, payload, created_at)
            VALUES (\(event.id), \(event.kind), \(event.payload), \(event.createdAt))
            """)
    }

    private func enqueue(_ event: Event, for webhook: Webhook.ID, dueAt: Timestamp) throws -> Delivery.ID {
        let id = Delivery.ID.new(at: event.createdAt)
        try database.run(
            """
            INSERT INTO deliveries (id, webhook_id, event_id, status, next_attempt_at, created_at)
            VALUES (\(id), \(webhook), \(event.id), \(Delivery.Status.pending), \(dueAt), \(event.createdAt))
            """)
        return id
    }

    // MARK: Deliveries as people see them

    /// The newest first.
    public func deliveries(of webhook: Webhook.ID, status: Delivery.Status?, page: PageRequest) throws -> Page<Delivery>
    {
        var condition: SQL = "d.webhook_id = \(webhook)"
        if let status { condition = "\(condition) AND d.status = \(status)" }
        return try database.page(
            Self.columns, from: "deliveries d JOIN events e ON e.id = d.event_id WHERE \(condition)",
            counted: "deliveries d WHERE \(condition)", order: "d.id DESC", page
        ) { Delivery(from: &$0) }
    }

    public func find(_ id: Delivery.ID, of webhook: Webhook.ID) throws -> Delivery? {
        try database.first(
            """
            SELECT \(Self.columns) FROM deliveries d JOIN events e ON e.id = d.event_id
            WHERE d.id = \(id) AND d.webhook_id = \(webhook)
            """
        ) { Delivery(from: &$0) }
    }

    /// Makes a delivery due now, with all its attempts before it again.
    public func retry(_ id: Delivery.ID, of webhook: Webhook.ID, at now: Timestamp) throws -> Delivery {
        try database.write {
            try database.run(
                """
                UPDATE deliveries SET status = 'pending', attempts = 0, next_attempt_at = \(now), is_leased = 0
                WHERE id = \(id) AND webhook_id = \(webhook)
                """)
            guard let delivery = try find(id, of: webhook) else { throw APIError.notFound("Delivery") }
            return delivery
        }
    }
}

extension Delivery {
    fileprivate init(from row: inout Row) {
        self.init(
            id: row.next(), eventId: row.next(), event: row.next(), status: row.next(), attempts: row.next(),
            responseStatus: row.next(), error: row.next(), lastAttemptAt: row.next(), nextAttemptAt: row.next(),
            payload: row.next(), createdAt: row.next())
    }
}
