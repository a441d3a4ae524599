import Models
import Wire

/// Requests that were done under an `Idempotency-Key`.
public struct IdempotencyStore {
    let database: Database

    /// What is known of a request: which one it was and, once it was done, its answer.
    public struct Record: Sendable {
        public var fingerprint: [UInt8]
        public var answer: Answer?

        public init(fingerprint: [UInt8], answer: Answer? = nil) {
            self.fingerprint = fingerprint
            self.answer = answer
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
            var record = Record(fingerprint: row.next())
            let (status, location): (Int?, String?) = (row.next(), row.next())
            let (contentType, body): (String?, [UInt8]?) = (row.next(), row.next())
            if let status, let body {
                record.answer = Answer(status: status, location: location, contentType: contentType, body: body)
            }
            return record
        }
    }

    /// Adds a record or puts it in the place of an older one, and forgets those that are over.
    public func set(_ id: [UInt8], _ record: Record, expiresAt: Timestamp, at now: Timestamp) throws {
        try database.run("DELETE FROM idempotency_keys WHERE expires_at <= \(now)")
        try database.run(
            """
            INSERT INTO idempotency_keys (id, fingerprint, status, location, content_type, body, expires_at)
            VALUES (\(id), \(record.fingerprint), \(record.answer?.status), \(record.answer?.location),
                \(record.answer?.contentType), \(record.answer?.body), \(expiresAt))
            ON CONFLICT (id) DO UPDATE SET status = excluded.status, location = excluded.location,
                content_type = excluded.content_type, body = excluded.body, expires_at = excluded.expires_at
            """)
    }

    public func remove(_ id: [UInt8]) throws {
        try database.run("DELETE FROM idempotency_keys WHERE id = \(id)")
    }
}
