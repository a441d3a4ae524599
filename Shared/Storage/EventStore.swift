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
            let receivers = try WebhookStore(database: database).wanting(event)
            guard !receivers.isEmpty else { return }
            try add(event)
            for webhook in receivers { _ = try enqueue(event, for: webhook, dueAt: now) }
        }
    }

    /// Notes a test event for one webhook, already claimed by the caller, who sends it now.
    public func recordTest(for webhook: Webhook, leaseSeconds: Int, at now: Timestamp) throws -> Claim? {
        try database.write {
            let event = Event(.test, in: webhook.workspaceId, webhook, at: now)
            try add(event)
            let id = try enqueue(event, for: webhook.id, dueAt: now + leaseSeconds)
            return try claim(id)
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

    // MARK: Sending

    /// A delivery that this process is to send, and all that it takes.
    public struct Claim: Sendable {
        public var id: Delivery.ID
        public var eventId: Event.ID
        public var payload: String
        public var attempts: Int
        /// After that, the delivery may be somebody else's.
        public var leasedUntil: Timestamp
        public var webhookId: Webhook.ID
        public var url: String
        public var secret: String
    }

    /// Takes over a delivery that is due, until the lease is over: then, should this process have
    /// died, another takes it. Nil when nothing is due but to webhooks that `concurrency` deliveries
    /// are on their way to already: a slow receiver must not hold up the others.
    public func claimDue(leaseSeconds: Int, concurrency: Int, at now: Timestamp) throws -> Claim? {
        try database.write {
            let due: Delivery.ID? = try database.value(
                """
                SELECT d.id FROM deliveries d JOIN webhooks w ON w.id = d.webhook_id
                WHERE d.status = 'pending' AND d.next_attempt_at <= \(now) AND w.is_active = 1 AND (
                    SELECT count(*) FROM deliveries o
                    WHERE o.webhook_id = d.webhook_id AND o.is_leased = 1 AND o.next_attempt_at > \(now)
                ) < \(concurrency)
                ORDER BY d.next_attempt_at LIMIT 1
                """)
            guard let due else { return nil }
            try database.run(
                "UPDATE deliveries SET is_leased = 1, next_attempt_at = \(now + leaseSeconds) WHERE id = \(due)")
            return try claim(due)
        }
    }

    private func claim(_ id: Delivery.ID) throws -> Claim? {
        try database.first(
            """
            SELECT d.id, d.event_id, e.payload, d.attempts, d.next_attempt_at, w.id, w.url, w.secret
            FROM deliveries d JOIN events e ON e.id = d.event_id JOIN webhooks w ON w.id = d.webhook_id
            WHERE d.id = \(id)
            """
        ) { row in
            Claim(
                id: row.next(), eventId: row.next(), payload: row.next(), attempts: row.next(),
                leasedUntil: row.next(), webhookId: row.next(), url: row.next(), secret: row.next())
        }
    }

    /// How an attempt ended.
    public struct Outcome: Sendable {
        public var responseStatus: Int?
        /// Nil when it succeeded.
        public var error: String?
        /// When to try again; nil for never.
        public var nextAttemptAt: Timestamp?
        /// The receiver wants nothing more (410).
        public var disablesWebhook = false

        public init(responseStatus: Int?, error: String?, nextAttemptAt: Timestamp?) {
            self.responseStatus = responseStatus
            self.error = error
            self.nextAttemptAt = nextAttemptAt
        }
    }

    public func finish(_ claim: Claim, _ outcome: Outcome, at now: Timestamp) throws {
        let status: Delivery.Status =
            outcome.error == nil ? .succeeded : outcome.nextAttemptAt == nil ? .failed : .pending
        try database.write {
            try database.run(
                """
                UPDATE deliveries SET status = \(status), attempts = attempts + 1,
                    response_status = \(outcome.responseStatus), error = \(outcome.error), last_attempt_at = \(now),
                    next_attempt_at = \(outcome.nextAttemptAt), is_leased = 0
                WHERE id = \(claim.id) AND status = 'pending' AND next_attempt_at = \(claim.leasedUntil)
                """)
            guard outcome.disablesWebhook else { return }
            try database.run("UPDATE webhooks SET is_active = 0, updated_at = \(now) WHERE id = \(claim.webhookId)")
            try database.run(
                """
                UPDATE deliveries SET status = \(Delivery.Status.failed), next_attempt_at = NULL, is_leased = 0,
                    error = 'The receiver wants no more events'
                WHERE webhook_id = \(claim.webhookId) AND status = 'pending'
                """)
        }
    }

    /// When the next delivery is due; nil when all were sent.
    public func nextDue() throws -> Timestamp? {
        try database.value(
            """
            SELECT d.next_attempt_at FROM deliveries d JOIN webhooks w ON w.id = d.webhook_id
            WHERE d.status = 'pending' AND w.is_active = 1 ORDER BY d.next_attempt_at LIMIT 1
            """)
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

    /// Forgets deliveries that were done before `time`, the events that nobody is to be told of any
    /// more, and webhooks of workspaces that are gone.
    public func removeFinished(before time: Timestamp) throws {
        try database.write {
            try database.run("DELETE FROM deliveries WHERE status <> 'pending' AND created_at < \(time)")
            try database.run(
                """
                DELETE FROM events WHERE created_at < \(time)
                    AND NOT EXISTS (SELECT 1 FROM deliveries WHERE event_id = events.id)
                """)
            try database.run(
                """
                DELETE FROM webhooks WHERE workspace_id IS NOT NULL
                    AND NOT EXISTS (SELECT 1 FROM workspaces WHERE workspaces.id = webhooks.workspace_id)
                    AND NOT EXISTS (SELECT 1 FROM deliveries WHERE webhook_id = webhooks.id AND status = 'pending')
                """)
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
