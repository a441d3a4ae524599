import Models
import Platform
import Postgres
import Wire

/// Brings a PostgreSQL database to the schema of this version of the code.
///
/// Versions have the numbers of SQLite's. The list begins with the schema that SQLite had when PostgreSQL was added. A
/// released migration never changes.
enum PostgresMigrations {
    struct Migration {
        let version: Int
        /// The oldest version of the code that can use the schema. Functions of several versions run side by side during
        /// an update, so a migration that only adds things leaves it as it is.
        let usableFrom: Int
        let script: String
    }

    static let all = [
        Migration(version: 10, usableFrom: 10, script: version10),
        Migration(version: 11, usableFrom: 10, script: version11),
        Migration(version: 12, usableFrom: 10, script: version12),
    ]

    static var latest: Int { all.last?.version ?? 0 }

    /// Identifies the lock that serialises migrations, among all locks of the database: "nexlayer" in ASCII.
    private static let lock: Int64 = 0x6E65_786C_6179_6572
    /// How long a migration may take, and waiting for that of another process, in milliseconds.
    private static let timeout = 600_000
    /// Another process migrates meanwhile at most so often.
    private static let attempts = 10

    static func run(on engine: PostgresEngine, at server: DatabaseServer) throws {
        for _ in 0..<attempts {
            let found = try state(of: engine.connection)
            try requireUsable(from: found.usableFrom)
            engine.transferMark = found.transferMark
            if found.version >= latest { return }
            try apply(all.filter { $0.version > found.version }, after: found.version, at: server)
        }
        throw APIError(.serviceUnavailable, "The database is being migrated; try again in a moment")
    }

    /// Throws if only newer versions of the program can use the schema.
    static func requireUsable(from version: Int) throws {
        if version <= latest { return }
        throw APIError(
            .serviceUnavailable, "A newer version of this program migrated the database; install that version",
            cause: "the schema can be used from version \(version), this program knows \(latest)")
    }

    struct State {
        /// The version of the schema; 0 if the database is empty.
        var version = 0
        var usableFrom = 0
        /// The `TransferMark`, if there is one.
        var transferMark: String?
    }

    static func state(of connection: PostgresConnection) throws -> State {
        var state = State()
        do {
            try connection.run(
                PostgresStatement(
                    """
                    SELECT max(version), max(usable_from), (SELECT value FROM settings WHERE name = 'transfer')
                    FROM schema_version
                    """),
                row: { row in
                    (state.version, state.usableFrom) = (Int(row.integer(at: 0)), Int(row.integer(at: 1)))
                    if !row.isNull(at: 2) { state.transferMark = String(decoding: row.bytes(at: 2), as: UTF8.self) }
                    return true
                })
        } catch let error as PostgresError {
            guard error.sqlState == "42P01" else { throw error.apiError }
        }
        return state
    }

    /// Applies migrations, in one transaction. Does nothing if another process was faster.
    private static func apply(_ migrations: [Migration], after version: Int, at server: DatabaseServer) throws {
        let connection = try PostgresEngine.connect(to: server.migrations, timeout: timeout)
        // The statements of a script are one transaction, and each sees what was committed before it: after the lock was
        // taken, the versions that another process has added violate the key.
        var script = """
            SELECT pg_advisory_xact_lock(\(lock));
            CREATE TABLE IF NOT EXISTS schema_version (
                version BIGINT NOT NULL PRIMARY KEY,
                usable_from BIGINT NOT NULL
            );

            """
        for migration in migrations {
            script += "INSERT INTO schema_version VALUES (\(migration.version), \(migration.usableFrom));\n"
            script += migration.script + "\n"
        }
        do throws(PostgresError) { try connection.script(script) } catch {
            if error.sqlState == "23505" { return }
            throw error.apiError
        }
        Log.write(
            .info, version == 0 ? "The tables of a new installation were made" : "The tables were migrated",
            ["database": .string("\(server.migrations)"), "version": .int(Int64(latest))])
    }
}
