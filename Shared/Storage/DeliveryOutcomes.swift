import Models
import Wire

/// What became of deliveries that were claimed.
extension EventStore {
    /// How an attempt ended.
    public struct Outcome: Sendable {
        public var responseStatus: Int?
        /// Nil when it succeeded.
        public var error: String?
        /// When to try again; nil for never.
        public var nextAttemptAt: Timestamp?
        /// The receiver wants nothing more (410).
        public var disablesWebhook = false
        /// Whether the receiver took it at once.
        public var isQuick: Bool

        public init(responseStatus: Int?, error: String?, nextAttemptAt: Timestamp?, isQuick: Bool) {
            self.responseStatus = responseStatus
            self.error = error
            self.nextAttemptAt = nextAttemptAt
            self.isQuick = isQuick
        }
    }

    private static let goneReason = "The receiver wants no more events"

    /// Writes down how attempts ended, in one write. It happened, whatever the caller may do by now.
    public func finish(_ ended: [(claim: Claim, outcome: Outcome)], at now: Timestamp) throws {
        if ended.isEmpty { return }
        try database.maintain {
            for (claim, outcome) in ended { try finish(claim, outcome, at: now) }
        }
    }

    private func finish(_ claim: Claim, _ outcome: Outcome, at now: Timestamp) throws {
        let status: Delivery.Status =
            outcome.error == nil ? .succeeded : outcome.nextAttemptAt == nil ? .failed : .pending
        try database.run(
            """
            UPDATE deliveries SET status = \(status), attempts = attempts + 1,
                response_status = \(outcome.responseStatus), error = \(outcome.error), last_attempt_at = \(now),
                next_attempt_at = \(outcome.nextAttemptAt), is_leased = 0
            WHERE id = \(claim.id) AND status = 'pending' AND next_attempt_at = \(claim.leasedUntil)
            """)
        let isQuick = outcome.isQuick ? 1 : 0
        try database.run(
            "UPDATE webhooks SET is_quick = \(isQuick) WHERE id = \(claim.webhookId) AND is_quick <> \(isQuick)")
        if outcome.disablesWebhook {
            try WebhookStore(database: database).disable(claim.webhookId, because: Self.goneReason, at: now)
        }
    }

    /// Fails some of what waits for webhooks that were disabled, as the reason says. False when nothing is left.
    func failDisabledBatch() throws -> Bool {
        let waiting: SQL = """
            SELECT d.id, w.disabled_reason FROM webhooks w JOIN deliveries d ON d.webhook_id = w.id
            WHERE w.disabled_reason IS NOT NULL AND w.is_active = 0 AND d.status = 'pending' LIMIT \(Self.batchSize)
            """
        let isEmpty = try database.first(waiting) { _ in false } ?? true
        if isEmpty { return false }
        return try database.maintain {
            let found: [(Delivery.ID, String)] = try database.all(waiting) { ($0.next(), $0.next()) }
            for (id, reason) in found { try fail(id, because: reason) }
            return !found.isEmpty
        }
    }

    func fail(_ id: Delivery.ID, because reason: String) throws {
        try database.run(
            """
            UPDATE deliveries SET status = 'failed', error = \(reason), next_attempt_at = NULL, is_leased = 0
            WHERE id = \(id) AND status = 'pending'
            """)
    }
}
