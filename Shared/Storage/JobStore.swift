import Models
import Wire

/// Work that outlives the request that caused it: a row of the table `jobs`.
public struct Job: Sendable {
    public enum Kind: String, Sendable {
        /// Sends a delivery.
        case webhook
        /// Finishes a document whose upload was interrupted.
        case ingestion
        /// Removes the passages of a document that was removed.
        case purge
        /// Removes the files of documents that were removed.
        case orphans
        /// Removes what has expired.
        case sweep
    }

    public let kind: Kind
    /// What it works on, such as a document. There is at most one job of a kind for it.
    public let subject: String
    /// Queues of a kind take turns. A delivery's is its webhook, a document's its workspace.
    public let queue: String
    /// When the lease ends: from then on, another process may claim the job. It also identifies this claim.
    public let leasedUntil: Timestamp
    /// How many attempts there have been.
    public let attempts: Int
    /// How far the last attempt came, in the kind's own unit.
    public let progress: Int?

    /// Another process has the job, or there is no such job any more.
    public struct LeaseLost: Error {}

    /// A job that might be claimed.
    struct Candidate {
        let kind: Kind
        let subject: String
        /// Changes with every claim, so that it shows whether somebody else was faster.
        let dueAt: Timestamp
    }
}

/// The table `jobs`.
///
/// A job is enqueued in the transaction that causes it. It can be claimed from `due_at` on, and a claim moves `due_at` to the
/// end of the lease: if the process dies, the job is due again then. What a process does with a job after it has lost the
/// lease has no effect.
public struct JobStore {
    let database: Database

    /// A time that has always passed.
    static let atOnce = Timestamp(milliseconds: 0)

    // MARK: Adding

    /// Adds a job. Call it in the write that causes the work. A job that is there already starts over.
    ///
    /// - Parameter isLeased: whether the caller has the job, until `dueAt`.
    /// - Returns: the job as the caller has it.
    @discardableResult
    func enqueue(
        _ kind: Job.Kind, _ subject: String, in queue: String, dueAt: Timestamp, isLeased: Bool = false
    ) throws -> Job {
        try database.run(
            """
            INSERT INTO jobs (kind, subject, queue, due_at, lease)
            VALUES (\(kind), \(subject), \(queue), \(dueAt), \(isLeased ? dueAt : nil))
            ON CONFLICT (kind, subject) DO UPDATE SET queue = excluded.queue, due_at = excluded.due_at,
                lease = excluded.lease, attempts = 0, attempted_at = NULL, progress = NULL, error = NULL
            """)
        return Job(
            kind: kind, subject: subject, queue: queue, leasedUntil: dueAt, attempts: 0, progress: nil)
    }

    /// Removes a job, whoever has it: there is nothing left to do.
    func cancel(_ kind: Job.Kind, _ subject: String) throws {
        try database.run("DELETE FROM jobs WHERE kind = \(kind) AND subject = \(subject)")
    }

    // MARK: Claiming

    /// Whether a job of that kind can be claimed. Takes no lock: ask it before `claimNext`.
    public func isDue(_ kind: Job.Kind, at now: Timestamp) throws -> Bool {
        try database.exists("SELECT 1 FROM jobs WHERE kind = \(kind) AND due_at <= \(now) LIMIT 1")
    }

    /// Claims the job that is due longest, of the next queue in turn: no queue waits until all the work of another is done.
    public func claimNext(_ kind: Job.Kind, for seconds: Int, at now: Timestamp) throws -> Job? {
        try database.maintain {
            let settings = SettingStore(database: database)
            let turn = "turn of \(kind.rawValue)"
            let last = try settings.value(turn) ?? ""
            func next(_ queues: SQL) throws -> (candidate: Job.Candidate, queue: String)? {
                try database.first(
                    """
                    SELECT subject, due_at, queue FROM jobs WHERE kind = \(kind) AND \(queues) AND due_at <= \(now)
                    ORDER BY queue, due_at LIMIT 1
                    """
                ) { (Job.Candidate(kind: kind, subject: $0.next(), dueAt: $0.next()), $0.next()) }
            }
            guard let next = try next("queue > \(last)") ?? next("queue <= \(last)") else { return nil }
            if next.queue != last { try settings.set(turn, to: next.queue) }
            return try claim(next.candidate, until: now + seconds)
        }
    }

    /// Every claim is this statement. Nil when the candidate has changed.
    func claim(_ candidate: Job.Candidate, until end: Timestamp) throws -> Job? {
        try database.first(
            """
            UPDATE jobs SET lease = \(end), due_at = \(end)
            WHERE kind = \(candidate.kind) AND subject = \(candidate.subject) AND due_at = \(candidate.dueAt)
            RETURNING queue, attempts, progress
            """
        ) {
            Job(
                kind: candidate.kind, subject: candidate.subject, queue: $0.next(), leasedUntil: end,
                attempts: $0.next(), progress: $0.next())
        }
    }

    /// The condition that somebody has a job. Nobody has a lease that ends later than any lease can: the clock was set
    /// back.
    static func isLeased(atMost seconds: Int, at now: Timestamp) -> SQL {
        "lease IS NOT NULL AND due_at > \(now) AND due_at <= \(now + seconds + 1)"
    }

    // MARK: Working

    /// The condition that a job is still the caller's.
    private func isHeld(_ job: Job) -> SQL {
        "kind = \(job.kind) AND subject = \(job.subject) AND lease = \(job.leasedUntil)"
    }

    /// The job with a later end of its lease, which counts once this is committed.
    ///
    /// - Throws: `Job.LeaseLost`.
    public func renewLease(of job: Job, for seconds: Int, at now: Timestamp) throws -> Job {
        // Never the same end as before, because that identifies the claim.
        let end = max(now + seconds, Timestamp(milliseconds: job.leasedUntil.milliseconds + 1))
        if try database.run("UPDATE jobs SET lease = \(end), due_at = \(end) WHERE \(isHeld(job))") == 0 {
            throw Job.LeaseLost()
        }
        return Job(
            kind: job.kind, subject: job.subject, queue: job.queue, leasedUntil: end, attempts: job.attempts,
            progress: job.progress)
    }

    /// Removes a job that is done. False when another process has it.
    @discardableResult
    public func finish(_ job: Job) throws -> Bool {
        try database.run("DELETE FROM jobs WHERE \(isHeld(job))") > 0
    }

    /// Gives a job back that was not worked on, or not to its end. False when another process has it.
    @discardableResult
    public func release(_ job: Job, at time: Timestamp) throws -> Bool {
        try database.run("UPDATE jobs SET lease = NULL, due_at = \(time) WHERE \(isHeld(job))") > 0
    }

    /// Gives a job back after an attempt that succeeded, to be done again at a time.
    public func repeatJob(_ job: Job, at time: Timestamp, now: Timestamp) throws {
        try database.run(
            """
            UPDATE jobs SET lease = NULL, due_at = \(time), attempts = 0, attempted_at = \(now), error = NULL
            WHERE \(isHeld(job))
            """)
    }

    /// Gives a job back after an attempt that failed. False when another process has it.
    @discardableResult
    public func retry(_ job: Job, at time: Timestamp, because reason: String?, now: Timestamp) throws -> Bool {
        try database.run(
            """
            UPDATE jobs SET lease = NULL, due_at = \(time), attempts = attempts + 1, attempted_at = \(now),
                error = \(reason)
            WHERE \(isHeld(job))
            """) > 0
    }

    /// Notes how many attempts there are with this one, and how far it has come.
    func note(_ job: Job, attempts: Int, progress: Int?, at now: Timestamp) throws {
        try database.run(
            """
            UPDATE jobs SET attempts = \(attempts), attempted_at = \(now), progress = \(progress) WHERE \(isHeld(job))
            """)
    }

    // MARK: Clocks

    /// The longest times that jobs of a kind can be leased for, and can wait after an attempt, in seconds.
    public struct Times: Sendable {
        public var lease: Int
        public var wait: Int

        public init(lease: Int, wait: Int) { (self.lease, self.wait) = (lease, wait) }
    }

    /// Makes jobs due that would otherwise wait longer than intended: the clock was set back.
    public func correctTimes(of kind: Job.Kind, _ longest: Times, at now: Timestamp) throws {
        let isLate: SQL = """
            kind = \(kind) AND due_at > \(now) AND CASE
                WHEN lease IS NOT NULL THEN due_at > \(now + longest.lease + 1)
                WHEN attempted_at IS NULL THEN TRUE
                ELSE due_at > \(now + longest.wait + 1) OR attempted_at > \(now + Self.clockSkew) END
            """
        let found: [String] = try database.values("SELECT subject FROM jobs WHERE \(isLate)")
        for start in stride(from: 0, to: found.count, by: Self.batchSize) {
            try database.maintain {
                for subject in found[start..<min(start + Self.batchSize, found.count)] {
                    try database.run(
                        "UPDATE jobs SET lease = NULL, due_at = \(now) WHERE subject = \(subject) AND \(isLate)")
                }
            }
        }
    }

    /// How many rows one write changes at most.
    static let batchSize = 500
    /// How many seconds the clocks of processes that share a database may differ.
    private static let clockSkew = 60
}

extension Job.Kind: StoredWord { static var fallback: Job.Kind { .sweep } }

extension Identifier {
    /// Trusts the subject or the queue of a job.
    init(stored text: String) {
        var text = text
        self = text.withUTF8 { Identifier(stored: $0) }
    }
}

extension Store {
    public var jobs: JobStore { JobStore(database: database) }
}
