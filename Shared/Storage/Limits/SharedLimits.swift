import Crypto
import Models
import Wire

/// Counts requests per caller and time window, exactly, on all machines that share a PostgreSQL database.
///
/// A count is a transaction of its own: requests that fail count, too. The table is not logged, so a count writes to no
/// disk, and a crash of the server starts over. Windows follow the server's clock, whatever those of the machines say.
public struct SharedLimits {
    let database: Database
    private let hash: HMACSHA256

    /// The length of a caller's key, of which the table has no other trace.
    private static let keyLength = 16
    /// The expired windows that one write removes, and how many writes do at most.
    private static let batchSize = 1000
    private static let batches = 100

    init(database: Database, secret: String) {
        self.database = database
        hash = HMACSHA256(key: Array("nexlayer rate limits \(secret)".utf8))
    }

    func count(_ caller: String, limit: Int, seconds: Int) throws -> RateLimitTable.Verdict {
        let key = Array(hash.authenticate(Array(caller.utf8)).prefix(Self.keyLength))
        let window = Int64(seconds) * 1000
        // A window that begins far in the future was written before the server's clock was set back.
        let isOver: SQL = "(r.ends_at <= excluded.ends_at - \(window) OR r.ends_at > excluded.ends_at + \(window))"
        let counted = try database.separately(
            """
            INSERT INTO rate_limits AS r (key, ends_at, count)
            VALUES (\(key), \(Self.now) + \(window), 1)
            ON CONFLICT (key) DO UPDATE SET
                ends_at = CASE WHEN \(isOver) THEN excluded.ends_at ELSE r.ends_at END,
                count = CASE WHEN \(isOver) THEN 1 ELSE least(r.count, \(limit)) + 1 END
            RETURNING count, ends_at
            """
        ) { row in (count: row.next(Int.self), end: row.next(Timestamp.self)) }
        guard let counted else { throw APIError.internalError(cause: "a request was not counted") }
        return RateLimitTable.Verdict(
            limit: limit, remaining: max(0, limit - counted.count), resetsAt: counted.end,
            isAllowed: counted.count <= limit)
    }

    /// The time of the server, in milliseconds since 1970.
    static let now: SQL = "CAST(extract(epoch FROM clock_timestamp()) * 1000 AS BIGINT)"

    /// Removes windows that are over.
    static func removeExpired(from database: Database) throws {
        guard case .postgres = database.engine else { return }
        let found: SQL = "SELECT key FROM rate_limits WHERE ends_at <= \(now) LIMIT \(batchSize)"
        for _ in 0..<batches where try database.exists(found) {
            _ = try database.separately(
                "DELETE FROM rate_limits WHERE key IN (\(found) FOR UPDATE SKIP LOCKED) RETURNING key"
            ) { _ in }
        }
    }
}

extension Store {
    /// Removes what rate limits no longer count. Does nothing if they are counted on one machine.
    public func removeExpiredLimits() throws { try SharedLimits.removeExpired(from: database) }
}
