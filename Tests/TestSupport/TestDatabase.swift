import Foundation

/// Databases for tests on a PostgreSQL server, one for each data folder.
///
/// `TEST_DATABASE_URL` is the URL of a server; `TEST_DATABASE=postgres` has the tests start one, and
/// `TEST_DATABASE=pgbouncer` a pooler with two connections in front of it. Without them, tests use SQLite.
public enum TestDatabase {
    /// The server and what functions connect to: the server itself, or a pooler in front of it.
    private struct Place {
        let direct: String
        let url: String
        /// Ends with the tests.
        var pooler: PgBouncer?
    }

    private static let place: Result<Place, any Error>? = {
        let environment = ProcessInfo.processInfo.environment
        if let url = environment["TEST_DATABASE_URL"], !url.isEmpty { return .success(Place(direct: url, url: url)) }
        switch environment["TEST_DATABASE"] {
        case "postgres":
            return Result {
                let server = try PostgresServer.shared.get()
                return Place(direct: server.url(), url: server.url())
            }
        case "pgbouncer":
            return Result {
                let server = try PostgresServer.shared.get()
                let pooler = try PgBouncer(for: server, connections: 2)
                // PgBouncer before 1.21 mixes up prepared statements.
                return Place(direct: server.url(), url: pooler.url(options: ["prepared=no"]), pooler: pooler)
            }
        default: return nil
        }
    }()

    /// Whether tests use PostgreSQL.
    public static var isOnServer: Bool { place != nil }

    public struct Failure: Error { public let said: String }

    /// The variables with which a function uses the database of a data folder; none without a server.
    public static func variables(for folder: String) throws -> [String: String] {
        guard let place = try place?.get() else { return [:] }
        let name = name(for: folder)
        return ["DATABASE_URL": url(place.url, name), "DATABASE_DIRECT_URL": url(place.direct, name)]
    }

    /// Creates the database of a data folder unless it exists.
    public static func create(for folder: String) throws {
        let name = name(for: folder)
        let known = try psql("SELECT 1 FROM pg_database WHERE datname = '\(name)'")
        if known.isEmpty { _ = try psql("CREATE DATABASE \(name)") }
    }

    /// Removes the database of a data folder, even if somebody is connected to it.
    public static func drop(for folder: String) {
        if isOnServer { _ = try? psql("DROP DATABASE IF EXISTS \(name(for: folder)) WITH (FORCE)") }
    }

    /// Runs SQL on the database of a data folder. Returns the rows, with columns separated by `|`.
    public static func run(_ sql: String, for folder: String) throws -> [String] {
        try psql(sql, on: name(for: folder))
    }

    /// The words that start `psql` with the database of a data folder.
    public static func psql(for folder: String) throws -> [String] { try psql(on: name(for: folder)) }

    /// The same name for the same folder (FNV-1a).
    private static func name(for folder: String) -> String {
        let hash = folder.utf8.reduce(UInt64(0xCBF2_9CE4_8422_2325)) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }
        return "nexlayer_test_" + String(hash, radix: 16)
    }

    /// The URL with another database.
    private static func url(_ url: String, _ database: String) -> String {
        guard var components = URLComponents(string: url) else { return url }
        components.path = "/" + database
        return components.string ?? url
    }

    private static func psql(on database: String?) throws -> [String] {
        let direct = try place?.get().direct ?? ""
        return [
            "/usr/bin/psql", "-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-d",
            database.map { url(direct, $0) } ?? direct,
        ]
    }

    private static func psql(_ sql: String, on database: String? = nil) throws -> [String] {
        let output = FileManager.default.temporaryDirectory.appendingPathComponent("psql-\(UUID().uuidString)").path
        defer { try? FileManager.default.removeItem(atPath: output) }
        let child = try Child.start(try psql(on: database) + ["-c", sql], output: output)
        let status = Child.wait(for: child)
        let said = (try? String(contentsOfFile: output, encoding: .utf8)) ?? ""
        guard status == 0 else { throw Failure(said: said) }
        return said.split(separator: "\n").map(String.init)
    }
}
