import Foundation
import Models
import Platform
import Postgres
import TestSupport
import Testing
import Wire

@testable import Storage

/// What PostgreSQL needs that SQLite has by itself: several writers at once, on a server that can go away.
@Suite(.enabled(if: PostgresServer.isInstalled)) final class PostgresEngineTests {
    private let server: PostgresServer
    private let name: String
    private let database: Database
    /// Another process.
    private let other: Database

    init() throws {
        server = try PostgresServer.shared.get()
        name = try server.createDatabase()
        database = try Self.open(server.url(database: name))
        other = try Self.open(server.url(database: name))
        try database.script("CREATE TABLE things (name TEXT PRIMARY KEY, value BIGINT)")
        try database.run("INSERT INTO things VALUES ('one', 0)")
    }

    private static func open(_ url: String, timeout: Int = 10_000) throws -> Database {
        let place = try DatabaseServer(url: url, direct: nil, environment: { _ in nil })
        return try Database(server: place, timeout: timeout)
    }

    private func value(_ name: String = "one") throws -> Int? {
        try database.value("SELECT value FROM things WHERE name = \(name)")
    }

    /// The code of the error that `body` throws.
    private func code(_ body: () throws -> Void) -> APIError.Code? {
        do { try body() } catch { return (error as? APIError)?.code }
        return nil
    }

    // MARK: Writes

    @Test func aWriteThatMetAnotherRunsAgainOnItsResult() throws {
        var runs = 0
        try database.write {
            runs += 1
            let found = try value() ?? 0
            if runs == 1 { try other.run("UPDATE things SET value = 10 WHERE name = 'one'") }
            try database.run("UPDATE things SET value = \(found + 1) WHERE name = 'one'")
        }
        #expect(try runs == 2 && value() == 11)
        guard case .postgres(let engine) = database.engine else { return }
        #expect(engine.repeatedWrites == 1)
    }

    @Test func aWriteMeetsOthersUntilItsTimeIsOver() throws {
        func meet(_ others: Int, on database: Database) throws -> Int {
            var runs = 0
            try database.write {
                runs += 1
                _ = try database.exists("SELECT 1 FROM things")
                if runs <= others { try other.run("UPDATE things SET value = value + 1") }
                try database.run("UPDATE things SET value = value + 100")
            }
            return runs
        }
        #expect(try meet(40, on: database) == 41)
        #expect(try value() == 140)
        let impatient = try Self.open(server.url(database: name), timeout: 300)
        let start = MonotonicClock.nanoseconds
        #expect(code { _ = try meet(.max, on: impatient) } == .serviceUnavailable)
        #expect(MonotonicClock.nanoseconds - start >= 300_000_000)
    }

    @Test func theFinalWriteOfARequestRunsAgain() throws {
        var runs = 0
        database.defersConclusion = true
        try database.writeConclusion {
            runs += 1
            let found = try value() ?? 0
            if runs == 1 { try other.run("UPDATE things SET value = 10 WHERE name = 'one'") }
            try database.run("UPDATE things SET value = \(found + 1) WHERE name = 'one'")
        }
        #expect(try other.value("SELECT value FROM things WHERE name = 'one'", as: Int.self) == 10)
        try database.conclude { try database.run("INSERT INTO things VALUES ('answer', 1)") }
        #expect(try runs == 2 && value() == 11 && value("answer") == 1)
    }

    @Test func aKeyThatAnotherTookIsFoundTheSecondTime() throws {
        var runs = 0
        let isNew = try database.write {
            runs += 1
            if try value("two") != nil { return false }
            if runs == 1 { try other.run("INSERT INTO things VALUES ('two', 2)") }
            try database.run("INSERT INTO things VALUES ('two', 3)")
            return true
        }
        #expect(try runs == 2 && !isNew && value("two") == 2)
    }

    @Test func aKeyThatIsTakenIsAConflict() throws {
        var runs = 0
        #expect(
            code {
                try database.write {
                    runs += 1
                    try database.run("INSERT INTO things VALUES ('one', 3)")
                }
            } == .conflict)
        #expect(runs == 2)
    }

    @Test func afterAStatementThatFailedNothingIsCommitted() throws {
        #expect(throws: APIError.self) {
            try database.write {
                try database.run("INSERT INTO things VALUES ('two', 2)")
                _ = try? database.run("SELECT nothing")
            }
        }
        #expect(try value("two") == nil)
    }

    @Test func aWriteThatLosesItsConnectionRunsAgain() throws {
        var runs = 0
        try database.write {
            runs += 1
            try database.run("UPDATE things SET value = value + 1 WHERE name = 'one'")
            if runs == 1 { try endSession() }
            try database.run("UPDATE things SET value = value + 1 WHERE name = 'one'")
        }
        #expect(try runs == 2 && value() == 2)
    }

    /// Ends the server's side of `database`.
    private func endSession() throws {
        let process: Int? = try database.value("SELECT pg_backend_pid()")
        try server.psql("SELECT pg_terminate_backend(\(try #require(process)), 5000)")
    }

    @Test func aLostConnectionIsReplacedUnlessASnapshotIsLostWithIt() throws {
        try endSession()
        #expect(try value() == 0)
        try database.snapshot {
            try endSession()
            #expect(code { _ = try value() } == .serviceUnavailable)
        }
        #expect(try database.snapshot { try value() } == 0)
    }

    @Test func waitingHasAnEnd() throws {
        let impatient = try Self.open(server.url(database: name), timeout: 200)
        try database.write {
            try database.run("UPDATE things SET value = 1")
            #expect(
                code {
                    _ = try impatient.run("UPDATE things SET value = 2")
                } == .serviceUnavailable)
        }
        #expect(try impatient.run("UPDATE things SET value = 2") == 1)
    }

    @Test func textThatCannotBeStoredIsInvalidInput() throws {
        #expect(
            code {
                _ = try database.run("INSERT INTO things VALUES (\("a\0b"), 1)")
            } == .validation)
        #expect(try value() == 0)
    }

    // MARK: Reading

    @Test func statementsMayRunWhileRowsAreRead() throws {
        try database.run("INSERT INTO things VALUES ('two', 2), ('three', 3)")
        var found: [String: Int] = [:]
        try database.each("SELECT name FROM things ORDER BY name LIMIT 2") { row in
            let name: String = row.next()
            found[name] = try value(name)
            return true
        }
        #expect(found == ["one": 0, "three": 3])
    }

    @Test func aSearchThatTakesTooLongEndsWithItsRows() throws {
        let budget = SearchBudget(milliseconds: 1)
        #expect(throws: SearchBudget.Spent.self) {
            try database.limit(by: budget) {
                try database.stream("SELECT generate_series(1, 10000000)") { _ in true }
            }
        }
        #expect(try budget.isSpent && value() == 0)
    }

    // MARK: Limits

    @Test func eachRequestCountsOnceOnAllMachines() async throws {
        let url = server.url(database: name)
        let allowed = try await withThrowingTaskGroup(of: Int.self) { group in
            for _ in 0..<4 {
                group.addTask {
                    let limits = SharedLimits(database: try Self.open(url), secret: "s")
                    return try (0..<50).reduce(0) { count, _ in
                        try limits.count("caller", limit: 100, seconds: 600).isAllowed ? count + 1 : count
                    }
                }
            }
            return try await group.reduce(0, +)
        }
        #expect(allowed == 100)
    }

    @Test func aRequestThatFailsCounts() throws {
        struct Failure: Error {}
        let limits = SharedLimits(database: database, secret: "s")
        for left in [1, 0] {
            #expect(throws: Failure.self) {
                try database.write {
                    try database.run("UPDATE things SET value = 5")
                    #expect(try limits.count("caller", limit: 2, seconds: 600).remaining == left)
                    throw Failure()
                }
            }
        }
        #expect(try !limits.count("caller", limit: 2, seconds: 600).isAllowed)
        #expect(try limits.count("another", limit: 2, seconds: 600).isAllowed)
        #expect(try value() == 0)
    }

    @Test func windowsEndAndAreRemoved() throws {
        let limits = SharedLimits(database: database, secret: "s")
        for _ in 0..<3 { _ = try limits.count("caller", limit: 1, seconds: 600) }
        try database.run("UPDATE rate_limits SET ends_at = ends_at - 600001")
        #expect(try limits.count("caller", limit: 1, seconds: 600).isAllowed)
        try database.run("UPDATE rate_limits SET ends_at = 1")
        try SharedLimits.removeExpired(from: database)
        #expect(try !database.exists("SELECT 1 FROM rate_limits"))
    }

    // MARK: Schema

    @Test func manyProcessesMigrateAtOnce() async throws {
        let url = server.url(database: try server.createDatabase())
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<20 { group.addTask { _ = try Self.open(url) } }
            try await group.waitForAll()
        }
        let versions: [Int] = try Self.open(url).values("SELECT version FROM schema_version ORDER BY version")
        #expect(versions == PostgresMigrations.all.map(\.version))
    }

    @Test func aNewerSchemaIsRefusedUnlessItCanBeUsed() throws {
        let newer = PostgresMigrations.latest + 1
        try database.run("INSERT INTO schema_version VALUES (\(newer), \(PostgresMigrations.latest))")
        _ = try Self.open(server.url(database: name))
        try database.run("UPDATE schema_version SET usable_from = \(newer) WHERE version = \(newer)")
        #expect(
            code {
                _ = try Self.open(server.url(database: name))
            } == .serviceUnavailable)
    }

    @Test func aProcessThatRunsDuringAnUpdateStopsWriting() throws {
        guard case .postgres(let engine) = database.engine else { return }
        let newer = PostgresMigrations.latest + 1
        try other.run("INSERT INTO schema_version VALUES (\(newer), \(newer))")
        engine.nextSchemaCheck = .now
        #expect(
            code {
                _ = try database.run("UPDATE things SET value = 1")
            } == .serviceUnavailable)
        #expect(database.isUnusable)
        #expect(try value() == 0)
    }

    /// Tables and columns are those of SQLite, but for what only one engine needs.
    @Test func bothSchemasHaveTheSameColumns() throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("\(UUID())").path
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let sqlite = try Store(directory: folder).database
        var expected: [String] = []
        for table: String in try sqlite.values("SELECT name FROM sqlite_schema WHERE type = 'table'")
        where !table.starts(with: "passage_") && !table.starts(with: "sqlite_") {
            let columns: [String] = try sqlite.values("SELECT name FROM pragma_table_info(\(table))")
            expected += columns.map { "\(table).\($0)" }
        }
        let found: [String] = try database.values(
            """
            SELECT table_name || '.' || column_name FROM information_schema.columns
            WHERE table_schema = 'public' AND table_name NOT IN ('things', 'guards', 'rate_limits', 'schema_version')
                AND column_name NOT IN ('claimed_by', 'claimed_until')
            """)
        #expect(found.sorted() == expected.sorted())
        #expect(PostgresMigrations.latest == Migrations.all.count)
    }
}
