import Foundation
import Models
import TestSupport
import Testing
import Wire

@testable import Storage

/// All reads within `snapshot` see one state, which is at least as recent as the first read.
@Suite final class SnapshotTests {
    private let path = FileManager.default.temporaryDirectory.appendingPathComponent("\(UUID()).db").path
    private let reader: Database
    private let writer: Database

    init() throws {
        writer = try .forTests(at: path)
        try writer.run("INSERT INTO things VALUES ('old')")
        reader = try .forTests(at: path)
    }

    deinit {
        TestDatabase.drop(for: path)
        for suffix in ["", "-wal", "-shm"] { try? FileManager.default.removeItem(atPath: path + suffix) }
    }

    private func name() throws -> String? { try reader.value("SELECT name FROM things") }
    private func rename(to name: String) throws { try writer.run("UPDATE things SET name = \(name)") }

    @Test func twoReadsSeeOneStateUntilTheEnd() throws {
        try reader.snapshot {
            #expect(try name() == "old")
            try rename(to: "new")
            #expect(try name() == "old")
            let nested = try reader.snapshot { try name() }
            #expect(nested == "old")
            #expect(try name() == "old")
        }
        #expect(try name() == "new")
    }

    @Test func theStateIsThatOfTheFirstRead() throws {
        try reader.snapshot {
            try rename(to: "new")
            #expect(try name() == "new")
        }
    }

    @Test func aSnapshotEndsWithWhatItsBodyThrows() throws {
        struct Failure: Error {}
        #expect(throws: Failure.self) {
            try reader.snapshot {
                #expect(try name() == "old")
                throw Failure()
            }
        }
        try rename(to: "new")
        #expect(try name() == "new")
    }

    @Test func aWriteWithinSeesTheLatestStateAndSoDoTheReadsAfterIt() throws {
        try reader.snapshot {
            #expect(try name() == "old")
            try rename(to: "new")
            // NB: in the read transaction this write would fail, because the data it read is out of date.
            try reader.run("UPDATE things SET name = name || '!'")
            #expect(try name() == "new!")
            try rename(to: "new")
            #expect(try name() == "new!")
            #expect(try reader.value("UPDATE things SET name = name || '!' RETURNING name") == "new!")
            try rename(to: "newer")
            #expect(try reader.write { try name() } == "newer")
            try rename(to: "newest")
            #expect(try name() == "newest")
        }
        #expect(try name() == "newest")
    }

    @Test func outsideOfItReadsSeeTheLatestState() throws {
        try reader.snapshot {
            #expect(try name() == "old")
            try rename(to: "new")
            try reader.outsideSnapshot {
                #expect(try name() == "new")
                try rename(to: "newer")
                #expect(try name() == "newer")
            }
            #expect(try name() == "newer")
            try rename(to: "newest")
            #expect(try name() == "newer")
        }
    }

    @Test func itHoldsUpNobody() throws {
        try reader.snapshot {
            #expect(try name() == "old")
            try rename(to: "new")
            #expect(try name() == "old")
        }
        #expect(try name() == "new")
    }
}
