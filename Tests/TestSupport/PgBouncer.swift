import Foundation

/// PgBouncer in transaction mode in front of a server, with SCRAM-SHA-256 on both sides. Releasing this object ends it.
public final class PgBouncer: @unchecked Sendable {
    public let port: Int
    private let process: GuardedProcess

    private static let program = "/usr/sbin/pgbouncer"

    /// Says so, once, if tests are skipped.
    public static let isInstalled: Bool = {
        let isInstalled = access(program, X_OK) == 0
        if !isInstalled { print("✘ SKIPPED: PgBouncer is not installed: apt-get install pgbouncer") }
        return isInstalled
    }()

    /// - Parameters:
    ///   - connections: how many it has to each database of the server.
    ///   - settings: lines of its configuration.
    public init(for server: PostgresServer, connections: Int = 2, settings: [String] = []) throws {
        process = try GuardedProcess(name: "pgbouncer", user: "postgres")
        port = GuardedProcess.freePort()
        let folder = process.folder.path
        try process.write("\"\(PostgresServer.user)\" \"\(PostgresServer.password)\"\n", to: "users")
        let lines = [
            "[databases]", "* = host=\(server.folder) port=\(server.port)", "[pgbouncer]",
            "listen_addr = 127.0.0.1", "listen_port = \(port)", "unix_socket_dir = \(folder)",
            "auth_type = scram-sha-256", "auth_file = \(folder)/users", "pool_mode = transaction",
            "default_pool_size = \(connections)", "max_client_conn = 200",
        ]
        try process.write((lines + settings).joined(separator: "\n") + "\n", to: "configuration")
        let socket = "\(folder)/.s.PGSQL.\(port)"
        // What else ends it at once depends on its version.
        try process.start([Self.program, "\(folder)/configuration"], signal: "KILL") {
            access(socket, F_OK) == 0
        }
    }

    public var said: String { process.said }

    /// The URL of a database through it.
    public func url(database: String = "postgres", onSocket: Bool = false, options: [String] = []) -> String {
        PostgresServer.url(
            host: onSocket ? process.folder.path : "127.0.0.1", port: port, database: database,
            user: PostgresServer.user, password: PostgresServer.password, options: options)
    }
}
