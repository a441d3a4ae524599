import Foundation
import Models
import TestSupport
import Testing

@testable import Storage

/// What `Database.write` promises, and what it requires of its bodies.
@Suite final class WriteContractTests {
    private struct Failure: Error {}

    private let path = FileManager.default.temporaryDirectory.appendingPathComponent("\(UUID()).db").path
    private let database: Database

    init() throws {
        database = try .forTests(at: path)
    }

    deinit {
        TestDatabase.drop(for: path)
        for suffix in ["", "-wal", "-shm"] { try? FileManager.default.removeItem(atPath: path + suffix) }
    }

    private func count() throws -> Int { try database.value("SELECT count(*) FROM things") ?? 0 }
    private func add(_ name: String) throws { try database.run("INSERT INTO things VALUES (\(name))") }

    @Test func whatFollowsAWriteHappensAfterItsCommit() throws {
        var seen: [String] = []
        try database.write {
            try add("a")
            database.afterCommit { seen.append("after") }
            seen = ["within"]
        }
        #expect(seen == ["within", "after"])
        database.afterCommit { seen.append("at once") }
        #expect(seen.last == "at once")
    }

    @Test func whatFollowsAWriteDoesNotHappenWithoutACommit() throws {
        var (committed, outcomes): (Int, [Bool]) = (0, [])
        #expect(throws: Failure.self) {
            try database.write {
                try add("a")
                database.afterCommit { committed += 1 }
                database.afterWrite { outcomes.append($0) }
                throw Failure()
            }
        }
        #expect(committed == 0 && !outcomes.isEmpty && !outcomes.contains(true))
        try database.write { try add("b") }
        #expect(try committed == 0 && count() == 1)
    }

    @Test func aWriteWithinAnotherIsPartOfIt() throws {
        var committed = 0
        #expect(throws: Failure.self) {
            try database.write {
                try database.write {
                    try add("a")
                    database.afterCommit { committed += 1 }
                }
                throw Failure()
            }
        }
        #expect(try committed == 0 && count() == 0)
    }

    @Test func theLastWriteOfARequestIsCommittedWithItsConclusion() throws {
        var committed = 0
        database.defersConclusion = true
        try database.writeConclusion {
            try add("a")
            database.afterCommit { committed += 1 }
        }
        #expect(committed == 0)
        try database.conclude { try add("b") }
        #expect(try committed == 1 && count() == 2)
    }

    /// In a build with `-D REPEAT_WRITES`, bodies run twice, and the first run leaves no trace.
    @Test func onlyTheLastRunOfABodyCounts() throws {
        var runs = 0
        try database.write {
            runs += 1
            try add("run \(runs)")
        }
        #if REPEAT_WRITES
            #expect(runs == 2)
        #else
            #expect(runs == 1)
        #endif
        #expect(try database.values("SELECT name FROM things", as: String.self) == ["run \(runs)"])
    }

    @Test func eachEngineHasItsOwnWords() throws {
        let sql: SQL = "SELECT \(sqlite: "length(CAST('ä' AS BLOB))", postgres: "octet_length('ä')")"
        #expect(try database.value(sql, as: Int.self) == 2)
    }
}
