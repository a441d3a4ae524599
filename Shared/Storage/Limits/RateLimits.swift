import Models
import Wire

/// The counters of an installation's rate limits: those of one machine, or those of all that share a database.
public enum RateLimits {
    case machine(RateLimitTable)
    case shared(SharedLimits)

    /// Counts one request of `caller` if it is within `limit` for a window of `seconds`. The window begins with the
    /// first request.
    public func count(
        _ caller: String, as subject: RateLimitTable.Subject, limit: Int, seconds: Int, at now: Timestamp
    ) throws -> RateLimitTable.Verdict {
        switch self {
        case .machine(let table): try table.count(caller, as: subject, limit: limit, seconds: seconds, at: now)
        case .shared(let limits): try limits.count(caller, limit: limit, seconds: seconds)
        }
    }

    /// Whether counting ends a snapshot.
    public var endsSnapshots: Bool { if case .shared = self { true } else { false } }
}

extension Store {
    /// The counters of all machines that share the database; nil if it is a file.
    ///
    /// - Parameter secret: keys the hash under which a caller is stored.
    public func sharedLimits(secret: String) -> SharedLimits? {
        if case .postgres = database.engine { SharedLimits(database: database, secret: secret) } else { nil }
    }
}
