import Models
import Postgres

/// A PostgreSQL server that holds an installation's database.
public struct DatabaseServer: Sendable {
    /// For requests: the server, or a pooler in front of it.
    private(set) var address: PostgresAddress
    /// For migrations: the server itself, where a pooler does not do.
    let migrations: PostgresAddress

    /// A URL that cannot be used. Its description never contains a password.
    public struct Problem: Error, CustomStringConvertible {
        public let description: String
    }

    /// - Parameters:
    ///   - url: `postgres://user:password@host:port/database?…`; the password may also come from PGPASSWORD or
    ///     PGPASSFILE.
    ///   - direct: the URL for migrations; nil for the same.
    ///   - environment: returns a variable's value, or nil if it is not set.
    public init(url: String, direct: String?, environment: (String) -> String?) throws(Problem) {
        address = try Self.address("DATABASE_URL", url, environment)
        migrations =
            try direct.map { direct throws(Problem) in
                try Self.address("DATABASE_DIRECT_URL", direct, environment)
            } ?? address
    }

    /// Lets a connection take no longer than that, in milliseconds.
    public mutating func limitConnecting(to milliseconds: Int) { address.limitConnecting(to: milliseconds) }

    private static func address(
        _ name: String, _ url: String, _ environment: (String) -> String?
    ) throws(Problem) -> PostgresAddress {
        do throws(PostgresError) { return try PostgresAddress(url, environment: environment) } catch {
            throw Problem(description: "\(name) cannot be used: \(error.message)")
        }
    }
}
