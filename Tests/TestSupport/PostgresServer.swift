import Foundation

/// A PostgreSQL server in a temporary folder, with SCRAM-SHA-256 and without fsync. Releasing this object ends it.
///
/// It listens on a port of 127.0.0.1, and on a socket in its folder.
public final class PostgresServer: @unchecked Sendable {
    public let port: Int
    /// The role that owns everything, and its password.
    public static let user = "app"
    public static let password = "Secret: ä/@%"
    private let process: GuardedProcess
    private let lock = NSLock()
    private var databases = 0

    /// Where Debian has the programs of the newest version; nil if there are none.
    public static let programs: String? = {
        let versions = (try? FileManager.default.contentsOfDirectory(atPath: "/usr/lib/postgresql")) ?? []
        return versions.sorted { (Int($0) ?? 0) > (Int($1) ?? 0) }.map { "/usr/lib/postgresql/\($0)/bin" }
            .first { access("\($0)/initdb", X_OK) == 0 }
    }()

    /// Says so, once, if tests are skipped.
    public static let isInstalled: Bool = {
        if programs == nil {
            print("✘ SKIPPED: PostgreSQL is not installed, so nothing is tested against it: apt-get install postgresql")
        }
        return programs != nil
    }()

    public struct NotInstalled: Error {}

    /// One for all tests of this process that do not stop it.
    public static let shared = Result { try PostgresServer() }

    /// - Parameter settings: lines of postgresql.conf.
    public init(settings: [String] = []) throws {
        guard let programs = Self.programs else { throw NotInstalled() }
        process = try GuardedProcess(name: "pg", user: "postgres")
        port = GuardedProcess.freePort()
        try process.write(Self.password, to: "password")
        try process.run([
            "\(programs)/initdb", "--pgdata", folder + "/data", "--username", Self.user,
            "--pwfile", folder + "/password", "--auth", "scram-sha-256", "--encoding", "UTF8", "--locale", "C.UTF-8",
            "--no-sync",
        ])
        let lines = [
            "port = \(port)", "listen_addresses = '127.0.0.1'", "unix_socket_directories = '\(folder)'", "fsync = off",
            "synchronous_commit = off", "full_page_writes = off", "shared_buffers = 32MB", "max_connections = 100",
        ]
        try process.write((lines + settings).joined(separator: "\n"), to: "settings")
        try process.run([
            "/bin/sh", "-c", "cat \(folder)/settings >> \(folder)/data/postgresql.conf",
        ])
        try start()
    }

    /// Also where its socket is.
    public var folder: String { process.folder.path }

    /// Everything that the server and the programs of this class have said.
    public var said: String { process.said }

    /// Starts it again after `stop`.
    public func start() throws {
        guard let programs = Self.programs else { throw NotInstalled() }
        let status = folder + "/data/postmaster.pid"
        // An immediate shutdown aborts all sessions, as a crash does.
        try process.start(["\(programs)/postgres", "-D", folder + "/data"], signal: "QUIT") {
            (try? String(contentsOfFile: status, encoding: .utf8))?.contains("\nready") == true
        }
    }

    /// Starts it again as one that follows another server, which accepts no writes.
    public func restartAsStandby() throws {
        // It is stopped as by a crash, and commits are not waited for.
        try psql("CHECKPOINT")
        stop()
        try process.write("", to: "data/standby.signal")
        try start()
    }

    /// Ends it at once, as a crash does.
    public func stop() { process.stop() }

    /// The URL of a database.
    public func url(
        database: String = "postgres", user: String = user, password: String = password, onSocket: Bool = false,
        options: [String] = []
    ) -> String {
        Self.url(
            host: onSocket ? folder : "127.0.0.1", port: port, database: database, user: user, password: password,
            options: options)
    }

    static func url(
        host: String, port: Int, database: String, user: String, password: String, options: [String]
    ) -> String {
        func encode(_ text: String) -> String {
            text.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? ""
        }
        let query = options.isEmpty ? "" : "?" + options.joined(separator: "&")
        return "postgres://\(encode(user)):\(encode(password))@\(encode(host)):\(port)/\(encode(database))\(query)"
    }

    /// Runs SQL by `psql` as the owner. Returns its output: lines with columns separated by `|`.
    @discardableResult
    public func psql(_ sql: String, database: String = "postgres") throws -> String {
        let output = process.folder.appendingPathComponent("psql-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: output) }
        let client = try Child.start(
            ["psql", "-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-d", database, "-c", sql],
            environment: Child.environment.merging([
                "PGHOST": folder, "PGPORT": "\(port)", "PGUSER": Self.user, "PGPASSWORD": Self.password,
            ]) { $1 }, output: output.path)
        let status = Child.wait(for: client)
        let text = ((try? String(contentsOf: output, encoding: .utf8)) ?? "")
            .trimmingCharacters(in: .whitespacesAndNewlines)
        guard status == 0 else { throw GuardedProcess.Failed(said: text) }
        return text
    }

    /// Creates an empty database. Returns its name.
    public func createDatabase() throws -> String {
        let name = lock.withLock {
            databases += 1
            return "test\(databases)"
        }
        try psql("CREATE DATABASE \(name)")
        return name
    }
}
