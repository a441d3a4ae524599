import Models
import Wire

/// Outcomes of claimed deliveries.
extension EventStore {
    /// The outcome of one attempt.
    public struct Outcome: Sendable {
        public var responseStatus: Int?
        /// Nil if it succeeded.
        public var error: String?
        /// When to retry; nil for never.
        public var nextAttemptAt: Timestamp?
        /// The receiver does not want any more events (410).
        public var disablesWebhook = false
        /// Whether the receiver accepted it promptly.
        public var isQuick: Bool

        public init(responseStatus: Int?, error: String?, nextAttemptAt: Timestamp?, isQuick: Bool) {
            self.responseStatus = responseStatus
            self.error = error
            self.nextAttemptAt = nextAttemptAt
            self.isQuick = isQuick
        }
    }

    private static let goneReason = "The receiver wants no more events"

    /// Records the outcomes of attempts in one write, whatever rights the caller still has: the attempts were made.
    public func finish(_ ended: [(claim: Claim, outcome: Outcome)], at now: Timestamp) throws {
        if ended.isEmpty { return }
        try database.maintain {
            for (claim, outcome) in ended { try finish(claim, outcome, at: now) }
        }
    }

    private func finish(_ claim: Claim, _ outcome: Outcome, at now: Timestamp) throws {
        let isHeld =
            if let next = outcome.nextAttemptAt, outcome.error != nil {
                try jobs.retry(claim.job, at: next, because: outcome.error, now: now)
            } else {
                try jobs.finish(claim.job)
            }
        if isHeld {
            let status: Delivery.Status =
                outcome.error == nil ? .succeeded : outcome.nextAttemptAt == nil ? .failed : .pending
            try database.run(
                """
                UPDATE deliveries SET status = \(status), attempts = attempts + 1,
                    response_status = \(outcome.responseStatus), error = \(outcome.error), last_attempt_at = \(now)
                WHERE id = \(claim.id)
                """)
        }
        let isQuick = outcome.isQuick
        try database.run(
            "UPDATE webhooks SET is_quick = \(isQuick) WHERE id = \(claim.webhookId) AND is_quick <> \(isQuick)")
        if outcome.disablesWebhook {
            try WebhookStore(database: database).disable(claim.webhookId, because: Self.goneReason, at: now)
        }
    }

    /// Fails the waiting deliveries of disabled webhooks.
    public func failDisabled() throws {
        while try failDisabledBatch() {}
    }

    /// Fails a batch of them, with the reason why the webhook was disabled. Returns false if none are left.
    func failDisabledBatch() throws -> Bool {
        // NB: not a plain JOIN, with which SQLite might scan the jobs of all webhooks.
        let waiting: SQL = """
            webhooks w CROSS JOIN jobs
            WHERE w.disabled_reason IS NOT NULL AND NOT w.is_active
                AND jobs.kind = \(Job.Kind.webhook) AND queue = w.id
            LIMIT \(JobStore.batchSize)
            """
        guard try database.exists("SELECT 1 FROM \(waiting)") else { return false }
        return try database.maintain {
            let found = try database.all(from: waiting, as: Disabled.self)
            for each in found { try fail(each.delivery, because: each.reason) }
            return !found.isEmpty
        }
    }

    /// A delivery that waits for a disabled webhook.
    private struct Disabled: Record {
        let delivery: Delivery.ID
        let reason: String

        static let columns = SQL(columnsOf: Self.self)

        init(from row: inout Row) { (delivery, reason) = (row["subject"], row["w.disabled_reason"]) }
    }

    func fail(_ id: Delivery.ID, because reason: String) throws {
        try jobs.cancel(.webhook, id.text)
        try database.run(
            "UPDATE deliveries SET status = 'failed', error = \(reason) WHERE id = \(id) AND status = 'pending'")
    }
}
