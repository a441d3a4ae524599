import Foundation
import Models
import Testing
import Wire

@testable import Storage

/// Rows are passed on without being made models of; they must look as the models do.
@Suite struct StoredPageTests {
    private struct Thing: Shaped {
        var name: String
        var count: Int
        var share: Double
        var isGood: Bool
        var time: Timestamp
        var extra: RawJSON
        var note: String?
        var remark: String?

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
                INSERT INTO things VALUES (\(thing.name), \(thing.count), \(thing.share), \(thing.isGood ? 1 : 0),
                    \(thing.time), \(thing.extra), \(thing.note), \(thing.remark))
                """)
        }
    }

    private func page(from rows: SQL) -> Page<Thing> {
        database.page(
            of: Thing.self, "name, count, share, is_good, time, extra, note, remark", from: rows,
            counted: "things WHERE count < 100", PageRequest(page: 1, limit: 20))
    }

    private static func written(isEmbedded: Bool, _ write: (inout JSONWriter) throws -> Void) rethrows -> String {
        var writer = JSONWriter()
        if isEmbedded { try writer.embedded(write) } else { try write(&writer) }
        return writer.buffer.text
    }

    @Test(arguments: [false, true]) func rowsAreWrittenAsTheirModelsAre(isEmbedded: Bool) throws {
        var total = 0
        let rows = try Self.written(isEmbedded: isEmbedded) {
            total = try page(from: "things ORDER BY rowid").writeItems(&$0)
        }
        #expect(rows == Self.written(isEmbedded: isEmbedded) { Self.things.write(to: &$0) })
        #expect(total == 3)
    }

    @Test func aPageBehindTheLastIsEmptyAndCounted() throws {
        var writer = JSONWriter()
        #expect(try page(from: "things LIMIT 20 OFFSET 20").writeItems(&writer) == 3)
        #expect(writer.buffer.text == "[]")
    }

    @Test func whatCannotBeReadIsThrown() {
        var writer = JSONWriter()
        #expect(throws: APIError.self) { try page(from: "nothing").writeItems(&writer) }
    }
}
