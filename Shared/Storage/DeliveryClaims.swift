import Models
import Wire

/// Who sends which delivery, and when.
///
/// Everything under way takes a slot, of which an installation has a fixed number, whatever the number of processes.
/// Slots go to the workspace that has the fewest, within it to the receiver (host and port) that has the fewest, and
/// then to what is due longest. A webhook has one slot until its receiver has taken a delivery at once. From then on, it
/// has several, and in each of them some deliveries may follow each other.
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
        /// How many deliveries are claimed together for a webhook at most, and how many of them follow each other.
        public static let perRun = 64
        private static let perSlot = 8

        /// How many deliveries may be claimed for a quick webhook of which nothing is under way.
        var run: Int { max(perWebhook, min(Self.perRun, perWebhook * Self.perSlot)) }
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

    /// Where a delivery goes.
    struct Place {
        var webhook: Webhook.ID
        /// Nil for the whole installation.
        var workspace: Workspace.ID?
        var receiver: String
    }

    /// A webhook for which something is due.
    struct Queue {
        var place: Place
        var isQuick: Bool
        var hasRight: Bool
        var dueAt: Timestamp
    }

    /// A delivery that is to be claimed.
    struct Choice {
        fileprivate var queue: Queue
        /// Whether it takes no slot, for it follows others of its webhook.
        fileprivate var isFollowing = false
        var delivery: Delivery.ID
        /// What says that it has not changed since.
        fileprivate var dueAt: Timestamp
    }

    /// Takes over deliveries that are due, until the lease is over: then, should this process have died, another
    /// takes them. Fewer than `count`, or none, when nothing more is due for which there is a slot.
    public func claimDue(atMost count: Int, of slots: Slots, at now: Timestamp) throws -> [Claim] {
        guard count > 0 else { return [] }
        return try claim(choose(count, of: slots, at: now), of: slots, at: now)
    }

    /// Claims what was chosen. What has changed since, or has no slot any more, is left out.
    func claim(_ choices: [Choice], of slots: Slots, at now: Timestamp) throws -> [Claim] {
        if choices.isEmpty { return [] }
        return try database.maintain {
            let use = try SlotUse(database, slots, at: now)
            var candidates: [Webhook.ID: SlotUse.Candidate] = [:]
            var claims: [Claim] = []
            for choice in choices {
                let id = choice.queue.place.webhook
                if candidates[id] == nil, let queue = try current(choice.queue, at: now) {
                    candidates[id] = use.candidate(queue)
                }
                guard let candidate = candidates[id] else { continue }
                let hasRoom =
                    choice.isFollowing ? candidate.queue.isQuick && use.wasFree(id) : use.rank(candidate) != nil
                let isUnchanged = try database.value(
                    """
                    SELECT 1 FROM deliveries
                    WHERE id = \(choice.delivery) AND status = 'pending' AND next_attempt_at = \(choice.dueAt)
                    """, as: Int.self)
                guard hasRoom, isUnchanged != nil,
                    let claim = try claim(choice.delivery, until: now + slots.leaseSeconds)
                else { continue }
                if !choice.isFollowing { use.take(candidate) }
                claims.append(claim)
            }
            return claims
        }
    }

    /// A queue as it is by now. Nil when its webhook is gone or was switched off, also for having lost its rights.
    private func current(_ queue: Queue, at now: Timestamp) throws -> Queue? {
        let id = queue.place.webhook
        let state: (isQuick: Bool, hasRight: Bool)? = try database.first(
            "SELECT is_quick, \(WebhookStore.hasRight) FROM webhooks WHERE id = \(id) AND is_active = 1"
        ) { (isQuick: $0.integer() != 0, hasRight: $0.integer() != 0) }
        guard let state else { return nil }
        guard state.hasRight else {
            try WebhookStore(database: database).disable(id, at: now)
            return nil
        }
        var current = queue
        current.isQuick = state.isQuick
        return current
    }

    /// What is to be claimed, in the order in which the slots are given. Takes no lock: of many webhooks, it takes long.
    func choose(_ count: Int, of slots: Slots, at now: Timestamp) throws -> [Choice] {
        let queues = try dueQueues(atMost: Slots.all + 4 * min(count, Slots.all), at: now)
        if queues.isEmpty { return [] }
        let use = try SlotUse(database, slots, at: now)
        let candidates = queues.map { use.candidate($0) }
        var shares = [Int](repeating: 0, count: queues.count)
        var order: [Int] = []
        while order.count < count {
            var best: (index: Int, rank: SlotUse.Rank)?
            for (index, candidate) in candidates.enumerated() where shares[index] == 0 || candidate.queue.hasRight {
                guard let rank = use.rank(candidate) else { continue }
                if let known = best, known.rank <= rank { continue }
                best = (index, rank)
            }
            guard let best else { break }
            use.take(candidates[best.index])
            shares[best.index] += 1
            order.append(best.index)
        }
        let slotCount = order.count
        // What is to follow takes no room that others may want soon.
        var left = count - slotCount - Slots.all / 2
        for (index, queue) in queues.enumerated() where shares[index] > 0 && queue.isQuick && queue.hasRight {
            guard left > 0, use.wasFree(queue.place.webhook) else { continue }
            let more = min(left, slots.run - shares[index])
            shares[index] += more
            left -= more
            order += repeatElement(index, count: more)
        }
        var due = try zip(queues, shares).map { try $1 > 0 ? dueDeliveries(of: $0, atMost: $1, at: now)[...] : [] }
        return order.enumerated().compactMap { place, index in
            guard var choice = due[index].popFirst() else { return nil }
            choice.isFollowing = place >= slotCount
            return choice
        }
    }

    private func dueDeliveries(of queue: Queue, atMost count: Int, at now: Timestamp) throws -> [Choice] {
        try database.all(
            """
            SELECT id, next_attempt_at FROM deliveries
            WHERE webhook_id = \(queue.place.webhook) AND status = 'pending' AND next_attempt_at <= \(now)
            ORDER BY next_attempt_at LIMIT \(count)
            """
        ) { Choice(queue: queue, delivery: $0.next(), dueAt: $0.next()) }
    }

    /// Webhooks for which something waits, found by skipping from one to the next in the index.
    private static let waiting: SQL = """
        WITH RECURSIVE waiting (id) AS (
            SELECT min(webhook_id) FROM deliveries WHERE status = 'pending'
            UNION ALL
            SELECT (SELECT min(webhook_id) FROM deliveries WHERE status = 'pending' AND webhook_id > waiting.id)
            FROM waiting WHERE waiting.id IS NOT NULL)
        """

    /// Webhooks for which something is due: of every workspace the one due longest, then of every workspace the next,
    /// receiver by receiver. More than `count` are left out, which must be more than can have a slot already.
    private func dueQueues(atMost count: Int, at now: Timestamp) throws -> [Queue] {
        try database.all(
            """
            \(Self.waiting),
            due AS (
                SELECT w.id, w.workspace_id, lower(substr(url, 1, instr(substr(url || '/', 9), '/') + 8)) AS receiver, (
                    SELECT min(next_attempt_at) FROM deliveries d WHERE d.webhook_id = w.id AND d.status = 'pending'
                    ) AS due_at
                FROM waiting JOIN webhooks w ON w.id = waiting.id WHERE is_active = 1),
            by_receiver AS (
                SELECT *, row_number() OVER (PARTITION BY workspace_id, receiver ORDER BY due_at) AS place
                FROM due WHERE due_at <= \(now)),
            by_workspace AS (
                SELECT *, row_number() OVER (PARTITION BY workspace_id ORDER BY place, due_at) AS turn FROM by_receiver),
            first AS (SELECT id, due_at FROM by_workspace ORDER BY turn, due_at LIMIT \(count))
            SELECT webhooks.id, workspace_id, url, is_quick, \(WebhookStore.hasRight), due_at
            FROM first JOIN webhooks ON webhooks.id = first.id ORDER BY due_at
            """
        ) { row in
            Queue(
                place: Place(
                    webhook: row.next(), workspace: row.next(), receiver: Webhook.receiver(of: row.text())),
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
