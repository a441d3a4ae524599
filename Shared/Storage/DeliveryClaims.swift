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
    fileprivate struct Place {
        var webhook: Webhook.ID
        /// Nil for the whole installation.
        var workspace: Workspace.ID?
        var receiver: String
    }

    /// A webhook for which something is due.
    fileprivate struct Queue {
        var place: Place
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
                    try WebhookStore(database: database).disable(queue.place.webhook, at: now)
                    continue
                }
                let due: [Delivery.ID] = try database.all(
                    """
                    SELECT id FROM deliveries
                    WHERE webhook_id = \(queue.place.webhook) AND status = 'pending' AND next_attempt_at <= \(now)
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
        var use = try SlotUse(database, slots, at: now)
        var shares = [Int](repeating: 0, count: queues.count)
        var left = count
        while left > 0 {
            var best: (index: Int, rank: SlotUse.Rank)?
            for (index, queue) in queues.enumerated() where shares[index] == 0 || queue.hasRight {
                guard let rank = use.rank(of: queue) else { continue }
                if let known = best, known.rank <= rank { continue }
                best = (index, rank)
            }
            guard let best else { break }
            use.take(queues[best.index].place)
            shares[best.index] += 1
            left -= 1
        }
        // What is to follow takes no room that others may want soon.
        left -= Slots.all / 2
        for (index, queue) in queues.enumerated() where shares[index] > 0 && queue.isQuick && queue.hasRight {
            guard left > 0, use.wasFree(queue.place.webhook) else { continue }
            let more = min(left, slots.run - shares[index])
            shares[index] += more
            left -= more
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

/// Which slots are taken, also those that are only being given.
private struct SlotUse {
    private typealias Slots = EventStore.Slots

    private let perWebhook: Int
    private var webhooks: [Webhook.ID: Int] = [:]
    private var workspaces: [Workspace.ID?: Int] = [:]
    private var receivers: [Receiver: Int] = [:]
    private var all = 0
    private let busy: Set<Webhook.ID>

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

    init(_ database: Database, _ slots: EventStore.Slots, at now: Timestamp) throws {
        perWebhook = slots.perWebhook
        let taken: [(EventStore.Place, Int)] = try database.all(
            """
            SELECT w.id, w.workspace_id, w.url, count(*) FROM deliveries d JOIN webhooks w ON w.id = d.webhook_id
            WHERE d.is_leased = 1 AND d.next_attempt_at > \(now) AND d.next_attempt_at <= \(now + slots.leaseSeconds + 1)
            GROUP BY w.id
            """
        ) { row in
            let place = EventStore.Place(
                webhook: row.next(), workspace: row.next(), receiver: Webhook.receiver(of: row.text()))
            return (place, row.next())
        }
        busy = Set(taken.map(\.0.webhook))
        // Of more than it has slots, the rest is to follow.
        for (place, count) in taken { take(place, min(count, perWebhook)) }
    }

    /// Whether nothing was under way to a webhook.
    func wasFree(_ webhook: Webhook.ID) -> Bool { !busy.contains(webhook) }

    mutating func take(_ place: EventStore.Place, _ count: Int = 1) {
        webhooks[place.webhook, default: 0] += count
        workspaces[place.workspace, default: 0] += count
        receivers[Receiver(workspace: place.workspace, receiver: place.receiver), default: 0] += count
        all += count
    }

    /// Nil when there is no slot for it.
    func rank(of queue: EventStore.Queue) -> Rank? {
        let place = queue.place
        let ofWebhook = webhooks[place.webhook, default: 0]
        guard all < Slots.all, ofWebhook < (queue.isQuick ? perWebhook : 1) else { return nil }
        let ofWorkspace = workspaces[place.workspace, default: 0]
        let ofReceiver = receivers[Receiver(workspace: place.workspace, receiver: place.receiver), default: 0]
        let hasNothing = ofWorkspace == 0 || (queue.isQuick && ofWebhook == 0)
        guard hasNothing || (all < Slots.common && ofWorkspace < Slots.perWorkspace) else { return nil }
        return Rank(workspace: ofWorkspace, receiver: ofReceiver, dueAt: queue.dueAt)
    }
}
