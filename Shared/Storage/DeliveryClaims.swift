import Models
import Wire

/// Chooses the deliveries to claim next. Webhook jobs are not claimed in plain queue order.
///
/// Each delivery in flight takes a slot. An installation has a fixed number of slots, however many processes send. A
/// slot goes to the workspace with the fewest slots, within it to the receiver (host and port) with the fewest, and
/// then to the longest overdue delivery. A webhook has one slot until its receiver has accepted a delivery promptly.
/// From then on it has several, and each may send several deliveries in a row. Slots belong to the webhook, not to the
/// host, because one dead path of a host says nothing about the others.
extension EventStore {
    /// How many slots there are, and how long a claim lasts.
    public struct Slots: Sendable {
        /// How long a claim lasts, in seconds.
        public var leaseSeconds: Int
        /// The slots of a webhook whose receiver accepted the last delivery promptly. Others have one.
        public var perWebhook: Int

        public init(leaseSeconds: Int, perWebhook: Int) {
            (self.leaseSeconds, self.perWebhook) = (leaseSeconds, perWebhook)
        }

        /// The slots of an installation.
        public static let all = 256
        /// The slots open to all. The rest are reserved for workspaces and quick webhooks with nothing in flight.
        static let common = 192
        /// A workspace with this many slots gets no more of the common ones.
        static let perWorkspace = 64
        /// The most deliveries claimed together for a webhook, and how many of them follow each other.
        public static let perRun = 64
        private static let perSlot = 8

        /// The most deliveries claimed for a quick webhook with nothing in flight.
        var run: Int { max(perWebhook, min(Self.perRun, perWebhook * Self.perSlot)) }
    }

    /// A delivery for this process to send, with everything needed to send it.
    public struct Claim: Sendable {
        public var id: Delivery.ID
        public var eventId: Event.ID
        public var payload: String
        public var webhookId: Webhook.ID
        public var url: String
        public var secret: String
        /// The number of attempts so far.
        public var attempts: Int { job.attempts }
        let job: Job
    }

    /// The destination of a delivery.
    struct Place {
        var webhook: Webhook.ID
        /// Nil for the whole installation.
        var workspace: Workspace.ID?
        var receiver: String
    }

    /// A webhook with due deliveries.
    struct Queue {
        var place: Place
        var isQuick: Bool
        var hasRight: Bool
        var dueAt: Timestamp
    }

    /// A delivery chosen to be claimed.
    struct Choice {
        fileprivate var queue: Queue
        /// Whether it follows others of its webhook and so takes no slot.
        fileprivate var isFollowing = false
        let job: Job.Candidate
    }

    /// Claims due deliveries until the lease ends; if this process dies, another one claims them then. Returns fewer
    /// than `count` if no other due delivery gets a slot.
    public func claimDue(atMost count: Int, of slots: Slots, at now: Timestamp) throws -> [Claim] {
        guard count > 0 else { return [] }
        return try claim(choose(count, of: slots, at: now), of: slots, at: now)
    }

    /// Claims the chosen deliveries, except those that have changed since or no longer get a slot.
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
                guard hasRoom, let job = try jobs.claim(choice.job, until: now + slots.leaseSeconds) else { continue }
                guard let claim = try claimed(job) else {
                    try jobs.finish(job)
                    continue
                }
                if !choice.isFollowing { use.take(candidate) }
                claims.append(claim)
            }
            return claims
        }
    }

    /// The current state of a queue. Nil if its webhook was removed or disabled, or has lost its rights, or if another
    /// process is claiming its deliveries.
    private func current(_ queue: Queue, at now: Timestamp) throws -> Queue? {
        let id = queue.place.webhook
        let state: (isQuick: Bool, hasRight: Bool)? = try database.first(
            """
            SELECT is_quick, \(WebhookStore.hasRight) FROM webhooks WHERE id = \(id) AND is_active
            \(sqlite: "", postgres: "FOR NO KEY UPDATE SKIP LOCKED")
            """
        ) { (isQuick: $0.bool(), hasRight: $0.bool()) }
        guard let state else { return nil }
        guard state.hasRight else {
            try WebhookStore(database: database).disable(id, at: now)
            return nil
        }
        var current = queue
        current.isQuick = state.isQuick
        return current
    }

    /// Chooses deliveries in the order of slot allocation. Takes no lock, because it is slow with many webhooks.
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
        // Deliveries that follow others must leave slots that others may need soon.
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
        let jobs = try database.all(
            from: """
                jobs WHERE kind = \(Job.Kind.webhook) AND queue = \(queue.place.webhook) AND due_at <= \(now)
                ORDER BY due_at LIMIT \(count)
                """, as: Job.Candidate.self)
        return jobs.map { Choice(queue: queue, job: $0) }
    }

    /// Webhooks with jobs, found by skipping from one to the next in the index.
    private static let waiting: SQL = """
        WITH RECURSIVE waiting (id) AS (
            SELECT min(queue) FROM jobs WHERE kind = \(Job.Kind.webhook)
            UNION ALL
            SELECT (SELECT min(queue) FROM jobs WHERE kind = \(Job.Kind.webhook) AND queue > waiting.id)
            FROM waiting WHERE waiting.id IS NOT NULL)
        """

    /// Webhooks with due jobs: the longest overdue of each workspace, then the next of each workspace, one receiver
    /// after the other. At most `count`, which must exceed the number of webhooks that can already have a slot.
    private func dueQueues(atMost count: Int, at now: Timestamp) throws -> [Queue] {
        try database.all(
            """
            \(Self.waiting),
            due AS (
                SELECT w.id, w.workspace_id, 
                    lower(substr(url, 1, \(sqlite: "instr", postgres: "strpos")(substr(url || '/', 9), '/') + 8))
                    AS receiver, (
                    SELECT min(jobs.due_at) FROM jobs WHERE jobs.kind = \(Job.Kind.webhook) AND queue = w.id
                    ) AS due_at
                FROM waiting JOIN webhooks w ON w.id = waiting.id WHERE is_active),
            by_receiver AS (
                SELECT *, row_number() OVER (PARTITION BY workspace_id, receiver ORDER BY due_at) AS place
                FROM due WHERE due_at <= \(now)),
            by_workspace AS (
                SELECT *, row_number() OVER (PARTITION BY workspace_id ORDER BY place, due_at) AS turn FROM by_receiver),
            first AS (SELECT id, due_at FROM by_workspace ORDER BY turn, due_at LIMIT \(count))
            SELECT \(Queue.columns) FROM first JOIN webhooks ON webhooks.id = first.id ORDER BY due_at
            """)
    }

    /// When the next delivery is due. Nil if all have been sent.
    public func nextDue() throws -> Timestamp? {
        let next: Timestamp?? = try database.value(
            """
            \(Self.waiting)
            SELECT min((SELECT min(due_at) FROM jobs WHERE jobs.kind = \(Job.Kind.webhook) AND queue = webhooks.id))
            FROM waiting JOIN webhooks ON webhooks.id = waiting.id WHERE is_active
            """, as: Timestamp?.self)
        return next ?? nil
    }

    /// Everything needed to send a delivery whose job was claimed.
    func claimed(_ job: Job) throws -> Claim? {
        let sent = try database.first(
            from: """
                deliveries d JOIN events e ON e.id = d.event_id JOIN webhooks w ON w.id = d.webhook_id
                WHERE d.id = \(job.subject) AND d.status = \(Delivery.Status.pending)
                """, as: Sent.self)
        return sent.map {
            Claim(
                id: $0.id, eventId: $0.event, payload: $0.payload, webhookId: $0.webhook, url: $0.url,
                secret: $0.secret, job: job)
        }
    }

    /// Gives back deliveries that this process did not send. They are due at once.
    public func giveBack(_ claims: [Claim], at now: Timestamp) throws {
        if claims.isEmpty { return }
        try database.maintain {
            for claim in claims { try jobs.release(claim.job, at: now) }
        }
    }
}

/// What is sent, and where to.
private struct Sent: Record {
    let id: Delivery.ID
    let event: Event.ID
    let payload: String
    let webhook: Webhook.ID
    let url: String
    let secret: String

    static let columns = SQL(columnsOf: Self.self)

    init(from row: inout Row) {
        (id, event, payload) = (row["d.id"], row["d.event_id"], row["e.payload"])
        (webhook, url, secret) = (row["w.id"], row["w.url"], row["w.secret"])
    }
}

extension EventStore.Place: Record {
    static let columns = SQL(columnsOf: Self.self)

    init(from row: inout Row) {
        self.init(
            webhook: row["webhooks.id"], workspace: row["webhooks.workspace_id"],
            receiver: Webhook.receiver(of: row["webhooks.url"]))
    }
}

extension EventStore.Queue: Record {
    static let columns = SQL(columnsOf: Self.self)

    init(from row: inout Row) {
        self.init(
            place: EventStore.Place(from: &row), isQuick: row["is_quick"],
            hasRight: row[expression: WebhookStore.hasRight], dueAt: row["due_at"])
    }
}

extension Job.Candidate: Record {
    static let columns = SQL(columnsOf: Self.self)

    init(from row: inout Row) { self.init(kind: row["kind"], subject: row["subject"], dueAt: row["due_at"]) }
}
