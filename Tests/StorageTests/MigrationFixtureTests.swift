import Foundation
import Language
import Models
import Testing

@testable import Storage

/// Databases left by earlier versions become like a new one: the same schema, and the same data as if it had been added
/// today.
@Suite final class MigrationFixtureTests {
    private let folder = FileManager.default.temporaryDirectory.appendingPathComponent("nexlayer-\(UUID())")

    init() throws { try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true) }

    deinit { try? FileManager.default.removeItem(at: folder) }

    private static let fixtures = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().appendingPathComponent("Torture/Fixtures")

    /// Every version but the newest, which has no fixture until there is a next one; and version 9 after its jobs, so
    /// that it has segments of the form of then.
    private static let versions = (1..<Migrations.all.count).map { "version\($0)" } + [indexed]
    private static let indexed = "version9-indexed"

    private func unpack(_ version: String) throws -> String {
        let data = folder.appendingPathComponent(version)
        try FileManager.default.createDirectory(at: data, withIntermediateDirectories: true)
        let path = data.appendingPathComponent("nexlayer.db").path
        try #require(FileManager.default.createFile(atPath: path, contents: nil))
        let gzip = Process()
        gzip.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        gzip.arguments = ["gzip", "-dc", Self.fixtures.appendingPathComponent("\(version).db.gz").path]
        gzip.standardOutput = try FileHandle(forWritingTo: URL(fileURLWithPath: path))
        try gzip.run()
        gzip.waitUntilExit()
        try #require(gzip.terminationStatus == 0)
        return data.path
    }

    private func schema(of database: Database) throws -> [String] {
        try database.values("SELECT coalesce(sql, name) FROM sqlite_schema", as: String.self).map { sql in
            sql.split(separator: "\n").map { $0.split(separator: "--", omittingEmptySubsequences: false)[0] }
                .joined(separator: " ").split(separator: " ").joined(separator: " ")
        }.sorted()
    }

    private func tables(of database: Database) throws -> [String] {
        try database.values(
            """
            SELECT name FROM sqlite_schema WHERE type = 'table' AND sql NOT LIKE 'CREATE VIRTUAL%'
                AND name NOT LIKE 'passage_text%'
            """)
    }

    /// Each row of a table as `column=value` lines.
    private func rows(of table: String, in database: Database) throws -> [[String: String]] {
        let names = try database.values(
            SQL(unchecked: "SELECT name FROM pragma_table_info('\(table)')"), as: String.self)
        let columns = names.map { "quote(\($0))" }.joined(separator: ", ")
        return try database.all(SQL(unchecked: "SELECT \(columns) FROM \(table)")) { row in
            var fields: [String: String] = [:]
            for name in names { fields[name] = row.next(String.self) }
            return fields
        }
    }

    @Test(arguments: versions) func itsSchemaBecomesThatOfANewOne(version: String) throws {
        let new = try Store(directory: folder.appendingPathComponent("new").path)
        let old = try Store(directory: unpack(version))
        // Drops what only earlier versions need.
        for store in [new, old] { while try store.indexNext(at: .now()) {} }
        #expect(try schema(of: old.database) == schema(of: new.database))
        #expect(try old.database.value("PRAGMA user_version", as: Int.self) == Migrations.all.count)
        #expect(try old.database.value("PRAGMA integrity_check", as: String.self) == "ok")
        #expect(try old.database.values("PRAGMA foreign_key_check", as: String.self) == [])
    }

    /// Nothing is lost, and nothing changes except search keys, which are in composed form since version 5, and passages
    /// of documents that were not complete, which are read again since version 9. Of the index, only numbers stay.
    @Test(arguments: versions) func itsRowsStay(version: String) throws {
        let data = try unpack(version)
        let before = try Database(path: "\(data)/nexlayer.db", busyTimeout: 1000)
        var expected: [String: [[String: String]]] = [:]
        for table in try tables(of: before) { expected[table] = try rows(of: table, in: before) }
        let unfinished = (expected["documents"] ?? []).filter { $0["status"] == "'processing'" }.map { $0["id"] }
        let store = try Store(directory: data)
        let kept = Set(try tables(of: store.database))
        for (table, rows) in expected where kept.contains(table) {
            var left = try self.rows(of: table, in: store.database)
            if table == "jobs" { left.removeAll { ["'index'", "'merge'"].contains($0["kind"]) } }
            for index in left.indices {
                // What is to be removed, and to be indexed.
                if table == "index_segments" { #expect(left[index].removeValue(forKey: "level") == "-1") }
                if table == "documents" { #expect(left[index].removeValue(forKey: "index_from") == "NULL") }
            }
            let rows = rows.filter { row in
                switch table {
                case "passages": !unfinished.contains(row["document_id"])
                case "jobs": !["'index'", "'merge'"].contains(row["kind"])
                default: true
                }
            }
            #expect(left.count == rows.count, "\(table)")
            for row in rows {
                let match = left.firstIndex { found in
                    row.allSatisfy { name, value in
                        guard let other = found[name] else { return true }
                        return name.hasSuffix("_key") ? Self.key(value) == Self.key(other) : value == other
                    }
                }
                #expect(match != nil, "\(table): \(row)")
                if let match { left.remove(at: match) }
            }
        }
        for table in ["users", "workspaces", "documents", "passages", "messages"] {
            #expect(expected[table]?.isEmpty == false)
        }
    }

    private static func key(_ text: String) -> [Unicode.Scalar] { Array(SearchKey.of(text).unicodeScalars) }

    /// Search finds the old passages after a job has indexed them again. Before, it finds those of FTS5's index.
    @Test(arguments: versions) func itsDocumentsAreIndexedAgain(version: String) throws {
        let store = try Store(directory: unpack(version))
        let workspaces: [Workspace.ID] = try store.database.values("SELECT id FROM workspaces")
        let query = IndexQuery([QueryClause(.should, [[.init(bytes: Array("lantern".utf8))]])])
        let before = version == Self.indexed ? 0 : 1
        for workspace in workspaces { #expect(try store.passages.search(query, in: workspace).hits.count == before) }
        while try store.indexNext(at: .now()) {}
        while try store.mergeSegments(at: .now()) {}
        for workspace in workspaces {
            #expect(try store.passages.search(query, in: workspace).hits.count == 1)
            #expect(try store.passages.check(workspace) == [])
        }
        #expect(try !store.database.exists("SELECT 1 FROM index_segments WHERE level < 0"))
        #expect(try !store.database.exists("SELECT 1 FROM documents WHERE status = 'processed' AND index_from IS NULL"))
        #expect(try !store.database.exists("SELECT 1 FROM sqlite_schema WHERE name LIKE 'passage_text%'"))
    }
}

extension SQL {
    /// Only for tests: SQL built at run time. Its memory is never freed.
    fileprivate init(unchecked text: String) {
        let bytes = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: text.utf8.count)
        _ = bytes.initialize(from: text.utf8)
        self.init(permanent: UnsafeBufferPointer(bytes))
    }
}
