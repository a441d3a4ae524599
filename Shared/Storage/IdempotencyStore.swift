import Models
import Wire

/// Requests with an `Idempotency-Key`, and their responses.
public struct IdempotencyStore {
    let database: Database
    let locks: ClaimLocks

    /// A request, with its response once it is done.
    public struct Record: Sendable {
        public let fingerprint: [UInt8]
        public let answer: Answer?
        /// What an interrupted request has created so far.
        public let progress: String?
    }

    /// Marks a request as being processed. The process holds a record lock for each claim (`ClaimLocks`), which the
    /// kernel releases when the process dies, so that the request can be retried at once. Other machines, which share a
    /// PostgreSQL database, have to wait for `leaseSeconds`.
    public struct Claim: Sendable {
        public let id: [UInt8]
        public let fingerprint: [UInt8]
        public let expiresAt: Timestamp
        /// The longest that the request may take.
        public let leaseSeconds: Int

        public init(id: [UInt8], fingerprint: [UInt8], expiresAt: Timestamp, leaseSeconds: Int) {
            (self.id, self.fingerprint, self.expiresAt) = (id, fingerprint, expiresAt)
            self.leaseSeconds = leaseSeconds
        }
    }

    public struct Answer: Sendable {
        public var status: Int
        public var location: String?
        /// Set for a stream; nil for JSON.
        public var contentType: String?
        public var body: [UInt8]

        public init(status: Int, location: String?, contentType: String? = nil, body: [UInt8]) {
            self.status = status
            self.location = location
            self.contentType = contentType
            self.body = body
        }
    }

    public func find(_ id: [UInt8], at now: Timestamp) throws -> Record? {
        try database.first(from: "idempotency_keys WHERE id = \(id) AND expires_at > \(now)")
    }

    /// Takes the lock of a claim. Returns false if another process is working on the request. Call it in a write.
    public func take(_ claim: Claim, at now: Timestamp) throws -> Bool {
        guard locks.take(claim.id) else { return false }
        guard case .postgres = database.engine else { return true }
        let isElsewhere = try database.exists(
            """
            SELECT 1 FROM idempotency_keys WHERE id = \(claim.id) AND status IS NULL AND claimed_until > \(now)
                AND claimed_by <> \(locks.domain)
            """)
        if isElsewhere { locks.giveBack(claim.id) }
        return !isElsewhere
    }

    /// Records a claim whose lock this process holds. Throws `.conflict` if the request has just been completed.
    public func add(_ claim: Claim, at now: Timestamp) throws {
        try removeExpired(at: now)
        let added = try database.run(
            """
            INSERT INTO idempotency_keys (id, fingerprint, expires_at)
            VALUES (\(claim.id), \(claim.fingerprint), \(claim.expiresAt))
            ON CONFLICT (id) DO UPDATE SET fingerprint = excluded.fingerprint, expires_at = excluded.expires_at,
                progress = CASE WHEN idempotency_keys.expires_at <= \(now) THEN NULL ELSE idempotency_keys.progress END,
                status = NULL, location = NULL, content_type = NULL, body = NULL
            WHERE idempotency_keys.expires_at <= \(now) OR idempotency_keys.status IS NULL
            """)
        if added == 0 { throw APIError(.conflict, "The request has just completed; send it again to get its response") }
        guard case .postgres = database.engine else { return }
        try database.send(
            """
            UPDATE idempotency_keys SET claimed_by = \(locks.domain), claimed_until = \(now + claim.leaseSeconds)
            WHERE id = \(claim.id)
            """)
    }

    /// Records what the current request has created, in the same write, so that a process that takes over the request
    /// can continue. Does nothing if the request has no key.
    public func note(_ progress: String) throws {
        guard let id = locks.latest else { return }
        try database.send("UPDATE idempotency_keys SET progress = \(progress) WHERE id = \(id)")
    }

    /// Lets other processes claim the request.
    public func release(_ claim: Claim) { locks.giveBack(claim.id) }

    /// Stores the response to a request.
    public func keep(_ answer: Answer, for claim: Claim, until expiry: Timestamp, at now: Timestamp) throws {
        try removeExpired(at: now)
        try database.send(
            """
            INSERT INTO idempotency_keys (id, fingerprint, status, location, content_type, body, expires_at)
            VALUES (\(claim.id), \(claim.fingerprint), \(answer.status), \(answer.location), \(answer.contentType),
                \(answer.body), \(expiry))
            ON CONFLICT (id) DO UPDATE SET fingerprint = excluded.fingerprint, status = excluded.status, location = excluded.location,
                content_type = excluded.content_type, body = excluded.body, expires_at = excluded.expires_at
            """)
    }

    /// Removes a claim, so that the request can be retried.
    public func remove(_ claim: Claim) throws {
        try database.maintain { try database.send("DELETE FROM idempotency_keys WHERE id = \(claim.id)") }
    }

    /// Only a few, since other writers wait, but more than are added.
    private func removeExpired(at now: Timestamp) throws {
        try database.send(
            """
            DELETE FROM idempotency_keys
            WHERE id IN (
                SELECT id FROM idempotency_keys WHERE expires_at <= \(now) LIMIT \(Self.expiredAtOnce)
                \(sqlite: "", postgres: "FOR UPDATE SKIP LOCKED"))
            """)
    }

    private static let expiredAtOnce = 20
}

extension IdempotencyStore.Record: Storage.Record {
    static let columns = SQL(columnsOf: Self.self)

    init(from row: inout Row) {
        fingerprint = row["fingerprint"]
        progress = row["progress"]
        let (status, location): (Int?, String?) = (row["status"], row["location"])
        let (contentType, body): (String?, [UInt8]?) = (row["content_type"], row["body"])
        if let status, let body {
            answer = IdempotencyStore.Answer(status: status, location: location, contentType: contentType, body: body)
        } else {
            answer = nil
        }
    }
}
