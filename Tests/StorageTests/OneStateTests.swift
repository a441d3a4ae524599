import Foundation
import Models
import Testing
import Wire

@testable import Storage

/// What is read between `beginReading` and `endReading` is of one moment, and never older than that.
@Suite final class OneStateTests {
    private struct Thing: Shaped {
        var name: String
        static let shape = Shape<Thing>("Thing", [.field("name") { $0.name }])
    }

    private let path = FileManager.default.temporaryDirectory.appendingPathComponent("\(UUID()).db").path
    private let reader: Database
    private let writer: Database

    init() throws {
        writer = try Database(path: path, busyTimeout: 0)
        try writer.script("PRAGMA journal_mode = WAL; CREATE TABLE things (name); INSERT INTO things VALUES ('old')")
        reader = try Database(path: path, busyTimeout: 0)
    }

    deinit {
        for suffix in ["", "-wal", "-shm"] { try? FileManager.default.removeItem(atPath: path + suffix) }
    }

    private func name() throws -> String? { try reader.value("SELECT name FROM things") }
    private func rename(to name: String) throws { try writer.run("UPDATE things SET name = \(name)") }

    @Test func whatIsReadTwiceIsTheSameUntilTheEnd() throws {
        try reader.beginReading()
        #expect(try name() == "old")
        try rename(to: "new")
        #expect(try name() == "old")
        reader.endReading()
        #expect(try name() == "new")
    }

    @Test func theMomentIsThatOfTheFirstReading() throws {
        try reader.beginReading()
        try rename(to: "new")
        #expect(try name() == "new")
    }

    @Test func aWriteIsOfTheLatestState() throws {
        try reader.beginReading()
        #expect(try name() == "old")
        try rename(to: "new")
        // NB: within the transaction that reads, this would be refused: what it read is no longer so.
        try reader.run("UPDATE things SET name = name || '!'")
        #expect(try name() == "new!")
        try reader.beginReading()
        #expect(try name() == "new!")
        try rename(to: "new")
        #expect(try reader.value("UPDATE things SET name = name || '!' RETURNING name") == "new!")
        try reader.beginReading()
        #expect(try reader.write { try name() } == "new!")
        try rename(to: "newer")
        #expect(try name() == "newer")
    }

    @Test func aPageEndsTheReadingWhenItIsWritten() throws {
        try reader.beginReading()
        let page = reader.page(
            of: Thing.self, "name", from: "things", counted: "things", PageRequest(page: 1, limit: 1))
        var json = JSONWriter()
        #expect(try page.writeItems(&json) == 1)
        try rename(to: "new")
        #expect(try name() == "new")
    }

    @Test func readingHoldsUpNobody() throws {
        try reader.beginReading()
        #expect(try name() == "old")
        try rename(to: "new")
        #expect(try name() == "old")
        reader.endReading()
        #expect(try name() == "new")
    }
}
