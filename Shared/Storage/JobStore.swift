import Models
import Wire

/// Work that outlives the request that caused it: a row of the table `jobs`.
public struct Job: Sendable {
    public enum Kind: String, Sendable {
        /// Sends a delivery.
        case webhook
        /// Finishes a document whose upload was interrupted.
        case ingestion
        /// Removes the passages of a deleted document.
        case purge
        /// Removes the files of deleted documents.
        case orphans
        /// Removes expired rows and files.
        case sweep
        /// Merges the segments of a workspace's index.
        case merge
        /// Indexes a document again: one of an earlier version of the program, or one that was renamed.
        case index
        /// Makes the vectors of a workspace's passages. Its progress is the number of passages that wait.
        case embedding
    }

    public let kind: Kind
    /// The object of the work, such as a document. It has at most one job of each kind.
    public let subject: String
    /// The queues of a kind take turns. A delivery's queue is its webhook, a document's is its workspace.
    public let queue: String
    /// The end of the lease, after which another process may claim the job. It also identifies this claim.
    public let leasedUntil: Timestamp
    /// The number of attempts so far.
    public let attempts: Int
    /// The progress of the last attempt, in a unit that depends on the kind.
    public let progress: Int?

    /// Another process has the job, or the job no longer exists.
    public struct LeaseLost: Error {}

    /// A job that might be claimed.
    struct Candidate {
        let kind: Kind
        let subject: String
        /// Changes with every claim, so it shows whether another process was faster.
        let dueAt: Timestamp
    }
}

/// The table `jobs`.
///
/// A job is enqueued in the transaction that causes it. It can be claimed from `due_at` on, and a claim moves `due_at`
/// to the end of the lease: if the process dies, the job becomes due again. A process that has lost the lease can no
/// longer change the job.
public struct JobStore {
    let database: Database

    /// A time that is always in the past.
    static let atOnce = Timestamp(milliseconds: 0)

    // MARK: Adding

    /// Adds a job. Call it in the write that causes the work. A job that already exists starts over.
    ///
    /// - Parameter isLeased: whether the caller holds the job until `dueAt`.
    /// - Returns: the job as held by the caller.
    @discardableResult
    func enqueue(
        _ kind: Job.Kind, _ subject: String, in queue: String, dueAt: Timestamp, isLeased: Bool = false
    ) throws -> Job {
        try database.send(
            """
            INSERT INTO jobs (kind, subject, queue, due_at, lease)
            VALUES (\(kind), \(subject), \(queue), \(dueAt), \(isLeased ? dueAt : nil))
            ON CONFLICT (kind, subject) DO UPDATE SET queue = excluded.queue, due_at = excluded.due_at,
                lease = excluded.lease, attempts = 0, attempted_at = NULL, progress = NULL, error = NULL
            """)
        return Job(
            kind: kind, subject: subject, queue: queue, leasedUntil: dueAt, attempts: 0, progress: nil)
    }

    /// Adds a job that is due at once, unless there is one. For work that looks at the state when it begins, and again
    /// in the write that ends it.
    ///
    /// - Parameter condition: whether to add it.
    func enqueueOnce(_ kind: Job.Kind, _ subject: String, in queue: String, if condition: SQL = "TRUE") throws {
        try database.send(
            """
            INSERT INTO jobs (kind, subject, queue, due_at) SELECT \(kind), \(subject), \(queue), \(Self.atOnce)
            WHERE \(condition)
            ON CONFLICT (kind, subject) DO NOTHING
            """)
    }

    /// Removes a job whose work is obsolete, even if another process has it.
    func cancel(_ kind: Job.Kind, _ subject: String) throws {
        try database.send("DELETE FROM jobs WHERE kind = \(kind) AND subject = \(subject)")
    }

    // MARK: Claiming

    /// Whether a job of that kind can be claimed. Takes no lock; call it before `claimNext`.
    public func isDue(_ kind: Job.Kind, at now: Timestamp) throws -> Bool {
        try database.exists("SELECT 1 FROM jobs WHERE kind = \(kind) AND due_at <= \(now) LIMIT 1")
    }

    /// Claims the longest overdue job of the next queue in turn, so that no queue waits until another is empty.
    public func claimNext(_ kind: Job.Kind, for seconds: Int, at now: Timestamp) throws -> Job? {
        try database.maintain {
            let settings = SettingStore(database: database)
            let turn = "turn of \(kind.rawValue)"
            let last = try settings.value(turn) ?? ""
            func next(_ queues: SQL) throws -> Next? {
                try database.first(
                    from: """
                        jobs WHERE kind = \(kind) AND \(queues) AND due_at <= \(now) ORDER BY queue, due_at LIMIT 1
                        """)
            }
            guard let next = try next("queue > \(last)") ?? next("queue <= \(last)") else { return nil }
            if next.queue != last { try settings.set(turn, to: next.queue) }
            return try claim(next.candidate, until: now + seconds)
        }
    }

    /// The only statement that claims a job. Returns nil if the candidate has changed.
    func claim(_ candidate: Job.Candidate, until end: Timestamp) throws -> Job? {
        try database.first(
            """
            UPDATE jobs SET lease = \(end), due_at = \(end)
            WHERE kind = \(candidate.kind) AND subject = \(candidate.subject) AND due_at = \(candidate.dueAt)
            RETURNING \(Job.columns)
            """)
    }

    /// The candidate that is next in turn.
    private struct Next: Record {
        let candidate: Job.Candidate
        let queue: String

        static let columns = SQL(columnsOf: Self.self)

        init(from row: inout Row) { (candidate, queue) = (Job.Candidate(from: &row), row["queue"]) }
    }

    /// The condition that some process holds a job. A lease that ends later than any lease can is void: the clock was
    /// set back.
    static func isLeased(atMost seconds: Int, at now: Timestamp) -> SQL {
        "lease IS NOT NULL AND due_at > \(now) AND due_at <= \(now + seconds + 1)"
    }

    // MARK: Working

    /// The condition that the caller still holds a job.
    private func isHeld(_ job: Job) -> SQL {
        "kind = \(job.kind) AND subject = \(job.subject) AND lease = \(job.leasedUntil)"
    }

    /// Extends the lease of a job. The returned job is valid once this is committed.
    ///
    /// - Throws: `Job.LeaseLost`.
    public func renewLease(of job: Job, for seconds: Int, at now: Timestamp) throws -> Job {
        // Always a new end, because the end identifies the claim.
        let end = max(now + seconds, Timestamp(milliseconds: job.leasedUntil.milliseconds + 1))
        if try database.run("UPDATE jobs SET lease = \(end), due_at = \(end) WHERE \(isHeld(job))") == 0 {
            throw Job.LeaseLost()
        }
        return Job(
            kind: job.kind, subject: job.subject, queue: job.queue, leasedUntil: end, attempts: job.attempts,
            progress: job.progress)
    }

    /// Removes a job that is done. Returns false if another process has it.
    @discardableResult
    public func finish(_ job: Job) throws -> Bool {
        try database.run("DELETE FROM jobs WHERE \(isHeld(job))") > 0
    }

    /// Gives back a job that was not started or not completed. Returns false if another process has it.
    @discardableResult
    public func release(_ job: Job, at time: Timestamp) throws -> Bool {
        try database.run("UPDATE jobs SET lease = NULL, due_at = \(time) WHERE \(isHeld(job))") > 0
    }

    /// Reschedules a job after a successful attempt.
    public func repeatJob(_ job: Job, at time: Timestamp, now: Timestamp) throws {
        try database.run(
            """
            UPDATE jobs SET lease = NULL, due_at = \(time), attempts = 0, attempted_at = \(now), error = NULL
            WHERE \(isHeld(job))
            """)
    }

    /// Reschedules a job after a failed attempt. Returns false if another process has it.
    @discardableResult
    public func retry(_ job: Job, at time: Timestamp, because reason: String?, now: Timestamp) throws -> Bool {
        try database.run(
            """
            UPDATE jobs SET lease = NULL, due_at = \(time), attempts = attempts + 1, attempted_at = \(now),
                error = \(reason)
            WHERE \(isHeld(job))
            """) > 0
    }

    /// Records the number of attempts, including this one, and the progress.
    func note(_ job: Job, attempts: Int, progress: Int?, at now: Timestamp) throws {
        try database.run(
            """
            UPDATE jobs SET attempts = \(attempts), attempted_at = \(now), progress = \(progress) WHERE \(isHeld(job))
            """)
    }

    /// Records the number of attempts alone.
    func setAttempts(of job: Job, to attempts: Int) throws {
        try database.run("UPDATE jobs SET attempts = \(attempts) WHERE \(isHeld(job))")
    }

    // MARK: Clocks

    /// The longest lease of a kind's jobs, and the longest delay after an attempt, in seconds.
    public struct Times: Sendable {
        public var lease: Int
        public var wait: Int

        public init(lease: Int, wait: Int) { (self.lease, self.wait) = (lease, wait) }
    }

    /// Makes jobs due that would otherwise wait too long because the clock was set back.
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

    /// The most rows that one write changes.
    static let batchSize = 500
    /// The allowed clock difference between processes that share a database, in seconds.
    private static let clockSkew = 60
}

extension Job.Kind: StoredWord { static var fallback: Job.Kind { .sweep } }

extension Identifier {
    /// Trusts the subject or queue of a job.
    init(stored text: String) {
        var text = text
        self = text.withUTF8 { Identifier(stored: $0) }
    }
}

extension Store {
    public var jobs: JobStore { JobStore(database: database) }
}

/// As it is while somebody has it.
extension Job: Record {
    static let columns = SQL(columnsOf: Self.self)

    init(from row: inout Row) {
        self.init(
            kind: row["kind"], subject: row["subject"], queue: row["queue"], leasedUntil: row["due_at"],
            attempts: row["attempts"], progress: row["progress"])
    }
}
