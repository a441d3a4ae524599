import Models
import Wire

/// Requests that were done under an `Idempotency-Key`.
public struct IdempotencyStore {
    let database: Database

    /// What is known of a request: which one it was and, once it was done, its answer.
    public struct Record: Sendable {
        public let fingerprint: [UInt8]
        public let answer: Answer?
    }

    /// That somebody works on a request. Of two claims of one key, the later one runs out later, which tells them
    /// apart.
    public struct Claim: Sendable {
        public let id: [UInt8]
        public let fingerprint: [UInt8]
        public let expiresAt: Timestamp

        public init(id: [UInt8], fingerprint: [UInt8], expiresAt: Timestamp) {
            (self.id, self.fingerprint, self.expiresAt) = (id, fingerprint, expiresAt)
        }
    }

    public struct Answer: Sendable {
        public var status: Int
        public var location: String?
        /// Of a stream; nil for JSON.
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
        try database.first(
            """
            SELECT fingerprint, status, location, content_type, body FROM idempotency_keys
            WHERE id = \(id) AND expires_at > \(now)
            """
        ) { row in
            let fingerprint: [UInt8] = row.next()
            let (status, location): (Int?, String?) = (row.next(), row.next())
            let (contentType, body): (String?, [UInt8]?) = (row.next(), row.next())
            guard let status, let body else { return Record(fingerprint: fingerprint, answer: nil) }
            return Record(
                fingerprint: fingerprint,
                answer: Answer(status: status, location: location, contentType: contentType, body: body))
        }
    }

    /// Makes a claim, and forgets what is over.
    public func add(_ claim: Claim, at now: Timestamp) throws {
        try forgetExpired(at: now)
        try database.run(
            """
            INSERT INTO idempotency_keys (id, fingerprint, expires_at)
            VALUES (\(claim.id), \(claim.fingerprint), \(claim.expiresAt))
            """)
    }

    /// Keeps the answer to the request that was claimed, unless the claim ran out and another one was made since.
    public func keep(_ answer: Answer, for claim: Claim, until expiry: Timestamp, at now: Timestamp) throws {
        try forgetExpired(at: now)
        try database.run(
            """
            INSERT INTO idempotency_keys (id, fingerprint, status, location, content_type, body, expires_at)
            VALUES (\(claim.id), \(claim.fingerprint), \(answer.status), \(answer.location), \(answer.contentType),
                \(answer.body), \(expiry))
            ON CONFLICT (id) DO UPDATE SET status = excluded.status, location = excluded.location,
                content_type = excluded.content_type, body = excluded.body, expires_at = excluded.expires_at
            WHERE idempotency_keys.expires_at = \(claim.expiresAt)
            """)
    }

    /// Gives a claim up, so that the request can be made again.
    public func remove(_ claim: Claim) throws {
        try database.run("DELETE FROM idempotency_keys WHERE id = \(claim.id) AND expires_at = \(claim.expiresAt)")
    }

    private func forgetExpired(at now: Timestamp) throws {
        try database.run("DELETE FROM idempotency_keys WHERE expires_at <= \(now)")
    }
}
