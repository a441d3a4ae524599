import Foundation
import TestSupport
import Testing

/// What `GET /health` and `runner doctor` report about the database.
@Suite struct DatabaseHealthTests {
    /// The check of the database, whether the installation works or not.
    private func check(_ answer: Answer) -> [String: Any] {
        let checks = answer.error["details"] as? [String: Any] ?? answer.data["checks"] as? [String: Any]
        return checks?["database"] as? [String: Any] ?? [:]
    }

    /// The findings of the doctor, one to a line, with their cures.
    private func doctor(_ installation: Installation) throws -> String {
        installation.environment["FUNCTIONS_DIR"] = Installation.functions.path
        return String(
            decoding: try installation.run(Built.runner, arguments: ["doctor", "--port", "0"]).standardOutput,
            as: UTF8.self)
    }

    @Test func theEngineAndItsVersionsAreTold() throws {
        let installation = try Installation()
        let database = check(try installation.call("health"))
        let isOnServer = TestDatabase.isOnServer
        #expect(database["engine"] as? String == (isOnServer ? "postgresql" : "sqlite"))
        let version = try #require(database["version"] as? String)
        #expect(version.wholeMatch(of: #/\d+(\.\d+)+/#) != nil)
        #expect(database["readOnly"] as? Bool == false && (database["schemaVersion"] as? Int ?? 0) >= 11)
        #expect((database["clockOffsetMs"] as? Int).map { abs($0) < 2000 } == (isOnServer ? true : nil))
        let found = try doctor(installation)
        #expect(found.contains("The database, \(isOnServer ? "PostgreSQL" : "SQLite") \(version), answers"), "\(found)")
    }

    // MARK: Servers

    private func installation(on url: String, _ environment: [String: String] = [:]) throws -> Installation {
        try Installation(
            environment: ["DATABASE_URL": url, "DATABASE_DIRECT_URL": ""].merging(environment) { $1 })
    }

    @Test(.enabled(if: PostgresServer.isInstalled)) func aServerThatFollowsAnotherIsAFault() throws {
        let server = try PostgresServer()
        let installation = try installation(on: server.url())
        let token = try installation.register()
        try server.restartAsStandby()
        let answer = try installation.call("health")
        let database = check(answer)
        #expect(answer.status == 503 && database["status"] as? String == "failed")
        #expect(database["readOnly"] as? Bool == true && database["engine"] as? String == "postgresql")
        #expect((database["reason"] as? String)?.contains("read-only") == true)
        #expect(try doctor(installation).contains("Name the server in DATABASE_URL that accepts writes"))
        // Requests that write are told the same.
        let write = try installation.call("create-workspace", token: token, body: ["name": "Handbook"])
        #expect(write.status == 503 && write.message.contains("read-only"), "\(write.json)")
    }

    @Test(.enabled(if: PostgresServer.isInstalled)) func clocksThatDifferAreWarnedOf() throws {
        let server = try PostgresServer.shared.get()
        let name = try server.createDatabase()
        try server.psql(
            """
            CREATE FUNCTION public.clock_timestamp() RETURNS TIMESTAMPTZ LANGUAGE SQL
                AS $$ SELECT pg_catalog.clock_timestamp() - INTERVAL '7.5 seconds' $$;
            ALTER DATABASE \(name) SET search_path = public, pg_catalog;
            """, database: name)
        let installation = try installation(on: server.url(database: name))
        let answer = try installation.call("health")
        let offset = try #require(check(answer)["clockOffsetMs"] as? Int)
        #expect(answer.status == 200 && (-8000...(-7000)).contains(offset), "\(offset)")
        let found = try doctor(installation)
        #expect(found.contains(#/clock of the database's server is 7(\.\d)? s behind this machine's/#), "\(found)")
    }

    @Test(.enabled(if: PostgresServer.isInstalled)) func theDiskOfThisMachineSaysNothingOfTheServers() throws {
        let server = try PostgresServer.shared.get()
        let installation = try installation(
            on: server.url(database: try server.createDatabase()), ["MIN_FREE_BYTES": "1000000000000000"])
        let token = try installation.register()
        let health = try installation.call("health")
        #expect(health.data["status"] as? String == "ok", "\(health.json)")
        let storage = (health.data["checks"] as? [String: [String: Any]])?["storage"]
        #expect(storage?["store"] as? String == "database" && storage?["freeBytes"] == nil)
        let workspace = try installation.makeWorkspace(token)
        #expect(try installation.upload("text", named: "a.txt", to: workspace, token: token).status == 201)
    }

    @Test func aServerThatHangsIsReportedAfterASecond() throws {
        // The kernel accepts connections for it, and nobody answers.
        let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(listener) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        try withUnsafeMutablePointer(to: &address) { pointer in
            try pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                try #require(bind(listener, $0, length) == 0 && listen(listener, 5) == 0)
                try #require(getsockname(listener, $0, &length) == 0)
            }
        }
        let url = "postgres://app:secret@127.0.0.1:\(UInt16(bigEndian: address.sin_port))/app?connect_timeout=30"
        let installation = try installation(on: url, ["DATABASE_TIMEOUT_MS": "30000"])
        let start = ContinuousClock.now
        let answer = try installation.call("health")
        let took = ContinuousClock.now - start
        #expect(answer.status == 503 && check(answer)["status"] as? String == "failed")
        #expect(took > .milliseconds(900) && took < .seconds(5), "\(took)")
        #expect(try doctor(installation).contains("Check that DATABASE_URL is right"))
    }
}
