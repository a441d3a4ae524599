import Models
import Wire

/// Who sends which delivery, and when.
///
/// Everything under way takes a slot, of which an installation has a fixed number, whatever the number of processes.
/// Slots go to the workspace that has the fewest, within it to the receiver (host and port) that has the fewest, and
/// then to what is due longest. A webhook has one slot until its receiver has taken a delivery at once.
extension EventStore {
    /// What is shared out, and for how long.
    public struct Slots: Sendable {
        /// Seconds until what was claimed may be claimed again.
        public var leaseSeconds: Int
        /// For a webhook whose receiver took the last delivery at once; others have one.
        public var perWebhook: Int
        /// The longest that a delivery waits for its next attempt, in seconds.
        public var longestWait: Int

        public init(leaseSeconds: Int, perWebhook: Int, longestWait: Int) {
            (self.leaseSeconds, self.perWebhook, self.longestWait) = (leaseSeconds, perWebhook, longestWait)
        }

        /// Of an installation.
        public static let all = 256
        /// Those that everybody competes for. The rest is for who has nothing under way: workspaces, and quick receivers.
        static let common = 192
        /// Those that one workspace may have of them.
        static let perWorkspace = 64
    }

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

    /// A webhook for which something is due.
    private struct Queue {
        var webhook: Webhook.ID
        /// Nil for the whole installation.
        var workspace: Workspace.ID?
        var receiver: String
        var isQuick: Bool
        var hasRight: Bool
        var dueAt: Timestamp
    }

    /// Takes over deliveries that are due, until the lease is over: then, should this process have died, another
    /// takes them. Fewer than `count`, or none, when nothing more is due for which there is a slot.
    public func claimDue(atMost count: Int, of slots: Slots, at now: Timestamp) throws -> [Claim] {
        // Looking first takes no lock: mostly there is nothing to do.
        guard count > 0, try !share(count, of: slots, at: now).isEmpty else { return [] }
        return try database.maintain {
            var claims: [Claim] = []
            for (queue, share) in try self.share(count, of: slots, at: now) {
                guard queue.hasRight else {
                    try WebhookStore(database: database).disable(queue.webhook, at: now)
                    continue
                }
                let due: [Delivery.ID] = try database.all(
                    """
                    SELECT id FROM deliveries
                    WHERE webhook_id = \(queue.webhook) AND status = 'pending' AND next_attempt_at <= \(now)
                    ORDER BY next_attempt_at LIMIT \(share)
                    """
                ) { $0.next() }
                claims += try due.compactMap { try claim($0, until: now + slots.leaseSeconds) }
            }
            return claims
        }
    }

    /// How many deliveries of which webhook are to be claimed.
    private func share(_ count: Int, of slots: Slots, at now: Timestamp) throws -> [(queue: Queue, share: Int)] {
        let queues = try dueQueues(at: now)
        if queues.isEmpty { return [] }
        var use = try SlotUse(database, leaseSeconds: slots.leaseSeconds, at: now)
        var shares = [Int](repeating: 0, count: queues.count)
        for _ in 0..<count {
            var best: (index: Int, rank: SlotUse.Rank)?
            for (index, queue) in queues.enumerated() where shares[index] == 0 || queue.hasRight {
                let limit = queue.isQuick ? slots.perWebhook : 1
                guard
                    let rank = use.rank(
                        queue.webhook, queue.workspace, queue.receiver, isQuick: queue.isQuick, limit: limit,
                        dueAt: queue.dueAt)
                else { continue }
                if let known = best, known.rank <= rank { continue }
                best = (index, rank)
            }
            guard let best else { break }
            let queue = queues[best.index]
            use.take(queue.webhook, queue.workspace, queue.receiver)
            shares[best.index] += 1
        }
        return zip(queues, shares).filter { $1 > 0 }.map { (queue: $0, share: $1) }
    }

    /// Webhooks for which something waits, found by skipping from one to the next in the index.
    private static let waiting: SQL = """
        WITH RECURSIVE waiting (id) AS (
            SELECT min(webhook_id) FROM deliveries WHERE status = 'pending'
            UNION ALL
            SELECT (SELECT min(webhook_id) FROM deliveries WHERE status = 'pending' AND webhook_id > waiting.id)
            FROM waiting WHERE waiting.id IS NOT NULL)
        """

    private func dueQueues(at now: Timestamp) throws -> [Queue] {
        try database.all(
            """
            \(Self.waiting)
            SELECT id, workspace_id, url, is_quick, has_right, due_at FROM (
                SELECT webhooks.id, workspace_id, url, is_quick, \(WebhookStore.hasRight) AS has_right, (
                    SELECT min(next_attempt_at) FROM deliveries d WHERE d.webhook_id = webhooks.id
                        AND d.status = 'pending') AS due_at
                FROM waiting JOIN webhooks ON webhooks.id = waiting.id WHERE is_active = 1)
            WHERE due_at <= \(now) ORDER BY due_at
            """
        ) { row in
            Queue(
                webhook: row.next(), workspace: row.next(), receiver: Webhook.receiver(of: row.text()),
                isQuick: row.integer() != 0, hasRight: row.integer() != 0, dueAt: row.next())
        }
    }

    /// When the next delivery is due; nil when all were sent.
    public func nextDue() throws -> Timestamp? {
        let next: Timestamp?? = try database.value(
            """
            \(Self.waiting)
            SELECT min((SELECT min(next_attempt_at) FROM deliveries d WHERE d.webhook_id = webhooks.id
                AND d.status = 'pending'))
            FROM waiting JOIN webhooks ON webhooks.id = waiting.id WHERE is_active = 1
            """, as: Timestamp?.self)
        return next ?? nil
    }

    func claim(_ id: Delivery.ID, until leaseEnd: Timestamp) throws -> Claim? {
        try database.run("UPDATE deliveries SET is_leased = 1, next_attempt_at = \(leaseEnd) WHERE id = \(id)")
        return try database.first(
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

    /// Gives deliveries back that were claimed and are not to be sent by this process: they are due at once.
    public func giveBack(_ claims: [Claim], at now: Timestamp) throws {
        if claims.isEmpty { return }
        try database.maintain {
            for claim in claims {
                try database.run(
                    """
                    UPDATE deliveries SET is_leased = 0, next_attempt_at = \(now)
                    WHERE id = \(claim.id) AND status = 'pending' AND next_attempt_at = \(claim.leasedUntil)
                    """)
            }
        }
    }

    /// Makes due what would otherwise wait longer than it can have been meant to: the clock was set back.
    public func correctTimes(_ slots: Slots, at now: Timestamp) throws {
        let late: SQL = """
            status = 'pending' AND next_attempt_at > \(now) AND CASE
                WHEN is_leased = 1 THEN next_attempt_at > \(now + slots.leaseSeconds + 1)
                WHEN attempts = 0 THEN TRUE
                ELSE next_attempt_at > \(now + slots.longestWait + 1) OR last_attempt_at > \(now + Self.clockSkew) END
            """
        let found: [Delivery.ID] = try database.all("SELECT id FROM deliveries WHERE \(late)") { $0.next() }
        for start in stride(from: 0, to: found.count, by: Self.batchSize) {
            try database.maintain {
                for id in found[start..<min(start + Self.batchSize, found.count)] {
                    try database.run(
                        "UPDATE deliveries SET is_leased = 0, next_attempt_at = \(now) WHERE id = \(id) AND \(late)")
                }
            }
        }
    }

    /// How many rows one write changes at most.
    static let batchSize = 500
    /// How many seconds the clocks of processes that share a database may differ.
    private static let clockSkew = 60
}

/// Which slots are taken, also those that are only being given.
private struct SlotUse {
    private var webhooks: [Webhook.ID: Int] = [:]
    private var workspaces: [Workspace.ID?: Int] = [:]
    private var receivers: [Receiver: Int] = [:]
    private var all = 0

    private struct Receiver: Hashable {
        var workspace: Workspace.ID?
        var receiver: String
    }

    /// Who comes first: the lowest.
    struct Rank: Comparable {
        var workspace: Int
        var receiver: Int
        var dueAt: Timestamp

        static func < (left: Rank, right: Rank) -> Bool {
            (left.workspace, left.receiver, left.dueAt) < (right.workspace, right.receiver, right.dueAt)
        }
    }

    init(_ database: Database, leaseSeconds: Int, at now: Timestamp) throws {
        let taken: [(Webhook.ID, Workspace.ID?, String, Int)] = try database.all(
            """
            SELECT w.id, w.workspace_id, w.url, count(*) FROM deliveries d JOIN webhooks w ON w.id = d.webhook_id
            WHERE d.is_leased = 1 AND d.next_attempt_at > \(now) AND d.next_attempt_at <= \(now + leaseSeconds + 1)
            GROUP BY w.id
            """
        ) { ($0.next(), $0.next(), $0.next(), $0.next()) }
        for (webhook, workspace, url, count) in taken {
            take(webhook, workspace, Webhook.receiver(of: url), count)
        }
    }

    mutating func take(_ webhook: Webhook.ID, _ workspace: Workspace.ID?, _ receiver: String, _ count: Int = 1) {
        webhooks[webhook, default: 0] += count
        workspaces[workspace, default: 0] += count
        receivers[Receiver(workspace: workspace, receiver: receiver), default: 0] += count
        all += count
    }

    /// Nil when there is no slot for it.
    func rank(
        _ webhook: Webhook.ID, _ workspace: Workspace.ID?, _ receiver: String, isQuick: Bool, limit: Int,
        dueAt: Timestamp
    ) -> Rank? {
        typealias Slots = EventStore.Slots
        guard all < Slots.all, webhooks[webhook, default: 0] < limit else { return nil }
        let ofWorkspace = workspaces[workspace, default: 0]
        let ofReceiver = receivers[Receiver(workspace: workspace, receiver: receiver), default: 0]
        let hasNothing = ofWorkspace == 0 || (isQuick && webhooks[webhook, default: 0] == 0)
        guard hasNothing || (all < Slots.common && ofWorkspace < Slots.perWorkspace) else { return nil }
        return Rank(workspace: ofWorkspace, receiver: ofReceiver, dueAt: dueAt)
    }
}
