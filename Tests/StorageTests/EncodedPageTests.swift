import Foundation
import Models
import TestSupport
import Testing
import Wire

@testable import Storage

/// Rows are encoded without creating models. The result must be the same as with models.
@Suite struct EncodedPageTests {
    private struct Thing: Shaped, Record {
        var name: String
        var count: Int
        var share: Double
        var isGood: Bool
        var time: Timestamp
        var extra: RawJSON
        var note: String?
        var remark: String?

        static let columns = SQL(columnsOf: Self.self)

        init(
            name: String, count: Int, share: Double, isGood: Bool, time: Timestamp, extra: RawJSON, note: String?,
            remark: String?
        ) {
            (self.name, self.count, self.share, self.isGood) = (name, count, share, isGood)
            (self.time, self.extra, self.note, self.remark) = (time, extra, note, remark)
        }

        init(from row: inout Row) {
            self.init(
                name: row["name"], count: row["count"], share: row["share"], isGood: row["is_good"], time: row["time"],
                extra: row["extra"], note: row["note"], remark: row["remark"])
        }

        static let shape = Shape<Thing>(
            "Thing",
            [
                .field("name") { $0.name }, .field("count") { $0.count }, .field("share") { $0.share },
                .field("isGood") { $0.isGood }, .field("time") { $0.time }, .field("extra") { $0.extra },
                .optional("note") { $0.note }, .nullable("remark") { $0.remark },
            ])
    }

    private static let things = [
        Thing(
            name: "Zero", count: 1, share: 0.5, isGood: true, time: Timestamp(milliseconds: 1),
            extra: RawJSON(["a": ["\n", 1, true]]), note: nil, remark: "the same extra as the next has"),
        Thing(
            name: "One \"1\"", count: -5, share: 0.25, isGood: true, time: Timestamp(milliseconds: 1_764_038_473_064),
            extra: RawJSON(["a": ["\n", 1, true]]), note: "noted", remark: nil),
        Thing(
            name: "", count: 0, share: 3, isGood: false, time: Timestamp(milliseconds: 1_764_038_473_065),
            extra: RawJSON([:]),
            note: nil, remark: "ä€😀\u{7F}"),
        Thing(
            name: "\u{1}", count: .max, share: -1e-9, isGood: false, time: Timestamp(milliseconds: -1),
            extra: RawJSON(["a": ["\n", 1, true]]), note: "", remark: nil),
    ]

    private let database: Database

    init() throws {
        database = try Database(path: ":memory:", busyTimeout: 0)
        try database.script("CREATE TABLE things (name, count, share REAL, is_good, time, extra, note, remark)")
        for thing in Self.things {
            try database.run(
                """
                INSERT INTO things VALUES (\(thing.name), \(thing.count), \(thing.share), \(thing.isGood),
                    \(thing.time), \(thing.extra), \(thing.note), \(thing.remark))
                """)
        }
    }

    private static let columns = EncodedColumns(of: Thing.self)

    private func page(from rows: SQL) throws -> Page<Thing> {
        try database.page(
            encoding: Self.columns, from: rows,
            counted: "things WHERE count < 100", PageRequest(page: 1, limit: 20))
    }

    private static func written(isEmbedded: Bool, _ write: (inout JSONWriter) -> Void) -> String {
        var writer = JSONWriter()
        if isEmbedded { writer.embedded(write) } else { write(&writer) }
        return writer.buffer.text
    }

    @Test(arguments: [false, true]) func rowsAreWrittenAsTheirModelsAre(isEmbedded: Bool) throws {
        let page = try page(from: "things ORDER BY rowid")
        let rows = Self.written(isEmbedded: isEmbedded) { page.writeItems(to: &$0) }
        #expect(rows == Self.written(isEmbedded: isEmbedded) { Self.things.write(to: &$0) })
        #expect(page.total == 3)
    }

    @Test func recordsAreReadByTheColumnsThatTheyName() throws {
        var read: [Thing] = try database.all(from: "things ORDER BY rowid")
        #expect(
            Self.written(isEmbedded: false) { read.write(to: &$0) }
                == Self.written(isEmbedded: false) { Self.things.write(to: &$0) })
        read = try database.all(
            from: "(SELECT remark, note, extra, time, is_good, share, count, name FROM things) AS t")
        #expect(
            Self.written(isEmbedded: false) { read.write(to: &$0) }
                == Self.written(isEmbedded: false) { Self.things.write(to: &$0) })
    }

    @Test func aPageAfterTheLastIsEmptyAndCounted() throws {
        let page = try page(from: "things LIMIT 20 OFFSET 20")
        #expect(page.total == 3)
        #expect(Self.written(isEmbedded: false) { page.writeItems(to: &$0) } == "[]")
    }

    @Test func whatCannotBeReadIsThrown() {
        #expect(throws: APIError.self) { try page(from: "nothing") }
    }

    /// Only the listing of workspaces skips its models.
    @Test func workspacesAreEncodedAsTheirModelsAre() throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("\(UUID())").path
        defer {
            TestDatabase.drop(for: folder)
            try? FileManager.default.removeItem(atPath: folder)
        }
        let store = try Store.forTests(in: folder)
        let now = Timestamp(milliseconds: 1_764_038_473_064)
        let owner = User.ID.new(at: now)
        try store.database.run(
            """
            INSERT INTO users (id, email, email_key, name, search_key, password_hash, role, status, created_at, updated_at)
            VALUES (\(owner), 'a@example.com', 'a@example.com', 'A', 'a', 'x', 'user', 'active', \(now), \(now))
            """)
        var settings = WorkspaceSettings()
        settings.systemPrompt = "Say \"hello\"\n\\ä"
        var workspaces: [Workspace] = []
        for name in ["One \"1\"", "Two\u{7F}"] {
            workspaces.append(
                try store.workspaces.create(
                    name: name, description: "with\ttab", settings: settings, owner: owner, at: now))
        }
        let page = try store.workspaces.list(
            for: .member(owner), search: nil, sort: .createdAt, page: PageRequest(page: 1, limit: 20))
        for isEmbedded in [false, true] {
            let written = Self.written(isEmbedded: isEmbedded) { page.writeItems(to: &$0) }
            #expect(written == Self.written(isEmbedded: isEmbedded) { workspaces.write(to: &$0) })
        }
    }
}
