import Foundation
import TestSupport
import Testing

@testable import Storage

/// The list of what a transfer copies has every table and every column of both schemas.
@Suite final class TransferTableTests {
    private let folder = FileManager.default.temporaryDirectory.appendingPathComponent("nexlayer-\(UUID())").path

    deinit { try? FileManager.default.removeItem(atPath: folder) }

    @Test func theListHasEveryColumnOfSQLite() throws {
        let database = try Store(directory: folder).database
        try OldIndex(database: database).dropIfUnused()
        let tables: [String] = try database.values(
            "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name")
        #expect(tables == (TransferTable.all.map(\.text) + TransferTable.notCopied).sorted())
        let kinds: [TransferTable.Kind: String] = [
            .text: "TEXT", .integer: "INTEGER", .flag: "INTEGER", .blob: "BLOB",
        ]
        for table in TransferTable.all {
            let found: [[String]] = try database.all(
                "SELECT name, type FROM pragma_table_info(\(table.text)) ORDER BY name"
            ) {
                [$0.next(), $0.next()]
            }
            let listed = table.columns.map { [$0.name.description, kinds[$0.kind] ?? ""] }
            #expect(found == listed.sorted { $0[0] < $1[0] }, "\(table.text)")
            let parents: [String] = try database.values("SELECT \"table\" FROM pragma_foreign_key_list(\(table.text))")
            let before = TransferTable.all.map(\.text).prefix { $0 != table.text }
            #expect(Set(parents).isSubset(of: before), "\(table.text) comes too early")
        }
    }

    @Test(.enabled(if: PostgresServer.isInstalled)) func theListHasEveryColumnOfPostgres() throws {
        let server = try PostgresServer.shared.get()
        let url = server.url(database: try server.createDatabase())
        let place = try DatabaseServer(url: url, direct: nil, environment: { _ in nil })
        let database = try Database(server: place, timeout: 5000)
        let tables: [String] = try database.values("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        let others = TransferTable.onlyOnServers + TransferTable.notCopied
        #expect(tables.sorted() == (TransferTable.all.map(\.text) + others).sorted())
        let kinds: [TransferTable.Kind: String] = [.text: "text", .integer: "bigint", .flag: "boolean", .blob: "bytea"]
        for table in TransferTable.all {
            let found: [[String]] = try database.all(
                """
                SELECT CAST(column_name AS TEXT), CAST(data_type AS TEXT), CAST(is_identity AS TEXT)
                FROM information_schema.columns WHERE table_name = \(table.text)
                ORDER BY CAST(column_name AS TEXT) COLLATE "C"
                """
            ) { [$0.next(), $0.next(), $0.next()] }
            let listed = table.columns.map { column in
                [
                    column.name.description, kinds[column.kind] ?? "",
                    column.name.description == table.identity?.description ? "YES" : "NO",
                ]
            }
            let common = found.filter { !TransferTable.columnsOnlyOnServers.contains("\(table.text).\($0[0])") }
            #expect(common == listed.sorted { $0[0] < $1[0] }, "\(table.text)")
        }
    }
}
