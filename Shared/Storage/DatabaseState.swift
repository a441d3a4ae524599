import Models
import Wire

/// What an installation's database is, and how it is.
public struct DatabaseState: Sendable {
    /// The version of SQLite, or of the PostgreSQL server.
    public var version: String
    /// Whether it accepts no writes: a file that may only be read, or a server that follows another one.
    public var isReadOnly: Bool
    /// The version of its tables.
    public var schemaVersion: Int
    /// How far the clock of the server is ahead of this machine's, in milliseconds, to half the time that it took to
    /// answer. Nil without a server.
    public var clockOffset: Int64?
}

extension Store {
    /// Asks the database. Throws 503 if it does not answer.
    public func databaseState() throws -> DatabaseState {
        switch database.engine {
        case .sqlite(let connection):
            let version: String? = try database.value("SELECT sqlite_version()")
            return DatabaseState(
                version: version ?? "", isReadOnly: connection.isReadOnly, schemaVersion: try connection.userVersion())
        case .postgres(let engine): return try engine.state()
        }
    }
}

extension PostgresEngine {
    /// One statement, so that the clock is asked in one round trip.
    fileprivate func state() throws -> DatabaseState {
        let asked = Timestamp.now()
        // NB: a pooler may answer for the server before it knows its version.
        let found = try rows(
            """
            SELECT split_part(current_setting('server_version'), ' ', 1), pg_is_in_recovery(),
                (SELECT max(version) FROM schema_version), \(SharedLimits.now)
            """)
        let answered = Timestamp.now()
        guard found.count > 0 else { throw APIError.internalError(cause: "the state of the server has no row") }
        let middle = asked.milliseconds + (answered.milliseconds - asked.milliseconds) / 2
        return DatabaseState(
            version: String(decoding: found.bytes(at: 0), as: UTF8.self),
            isReadOnly: found.integer(at: 1) != 0, schemaVersion: Int(found.integer(at: 2)),
            clockOffset: found.integer(at: 3) - middle)
    }
}
