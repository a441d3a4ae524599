import Crypto
import Foundation
import Models
import Platform
import TestSupport
import Testing
import Wire

@testable import Storage

/// An installation moves from SQLite to PostgreSQL and back without any difference.
@Suite(.enabled(if: PostgresServer.isInstalled)) final class TransferTests {
    private let folder = FileManager.default.temporaryDirectory.appendingPathComponent("nexlayer-\(UUID())")
    private let server: PostgresServer
    private let name: String
    private let place: DatabaseServer
    private var first: String { folder.appendingPathComponent("first").path }
    private var second: String { folder.appendingPathComponent("second").path }

    init() throws {
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        server = try PostgresServer.shared.get()
        name = try server.createDatabase()
        place = try DatabaseServer(url: server.url(database: name), direct: nil, environment: { _ in nil })
    }

    deinit { try? FileManager.default.removeItem(at: folder) }

    private func transfer(
        in directory: String, _ direction: DatabaseTransfer.Direction, seconds: Int = 60,
        progress: @escaping (DatabaseTransfer.Step) throws -> Void = { _ in }
    ) -> DatabaseTransfer {
        var transfer = DatabaseTransfer(
            in: directory, direction, blobs: isBack(direction) ? .files : .database, timeout: 5000,
            leaseSeconds: seconds, progress: progress)
        transfer.settling = 0
        return transfer
    }

    private func isBack(_ direction: DatabaseTransfer.Direction) -> Bool {
        if case .from = direction { true } else { false }
    }

    /// The code of the error that `body` throws, and its message.
    private func failure(_ body: () throws -> Void) -> (code: APIError.Code?, message: String) {
        do { try body() } catch { return ((error as? APIError)?.code, (error as? APIError)?.message ?? "\(error)") }
        return (nil, "")
    }

    // MARK: Rows of every table

    /// More than a statement adds.
    private static let passages = 2300
    private static let words: [String: String] = [
        "users.role": "admin", "users.status": "active", "api_keys.scope": "read", "deliveries.status": "pending",
        "members.role": "owner", "invitations.role": "viewer", "documents.status": "processed",
        "messages.role": "user", "vector_sets.state": "complete",
    ]
    /// The third has two parts.
    private static let files = (0...3).map { index in
        Array("The bytes of file \(index)".utf8) + [UInt8](repeating: 0, count: index == 3 ? RowBlobs.partSize : 0)
    }
    private static func file(_ index: Int) -> [UInt8] { files[index] }
    private static let hashes = files.map { Hex.encode(SHA256.hash($0)) }

    /// Adds rows to every table. Texts are the same in one row of each, so that references have a row.
    private func fill(_ directory: String) throws -> Store {
        let store = try Store(directory: directory)
        let database = store.database
        for index in 1...3 {
            try store.blobs.add(Self.file(index), sha256: Self.hashes[index]) {}
        }
        try database.run("DELETE FROM jobs")
        for table in TransferTable.all {
            let optional: Set<String> = Set(
                try database.values(
                    "SELECT name FROM pragma_table_info(\(table.text)) WHERE \"notnull\" = 0 AND pk = 0"))
            for index in 1...(table.text == "passages" ? Self.passages : 3) {
                let values = table.columns.map { column in
                    index == 2 && optional.contains(column.name.description)
                        ? SQL("\(String?.none)") : value(table.text, column.name.description, column.kind, index)
                }
                let list = values.dropFirst().reduce(values[0]) { "\($0), \($1)" }
                try database.run("INSERT INTO \(table.table) (\(table.columnList)) VALUES (\(list))")
            }
        }
        return store
    }

    private func value(_ table: String, _ column: String, _ kind: TransferTable.Kind, _ index: Int) -> SQL {
        switch kind {
        case .integer:
            if column == "size" { return "\(Self.file(index).count)" }
            return column == "number" || column == "id" ? "\(index)" : "\(Int.max / index)"
        case .flag: return "\(index % 2 == 0)"
        case .blob:
            if ["hash", "id"].contains(column) { return "\([UInt8](repeating: UInt8(index), count: 32))" }
            // More than a statement has, with every byte.
            return index == 3 && column == "data"
                ? "\((0..<5_000_000).map { UInt8(truncatingIfNeeded: $0) })" : "\([UInt8(0), 255])"
        case .text:
            if let word = Self.words["\(table).\(column)"] { return "\(word)" }
            if column == "sha256" { return "\(Self.hashes[index])" }
            return "\("row \(index) äöü 😀 \\ ' \" %\n")"
        }
    }

    /// Every value of every table.
    private func dump(_ database: Database) throws -> [String: [String]] {
        var dump: [String: [String]] = [:]
        for table in TransferTable.all {
            dump[table.text] = try database.all("SELECT \(table.columnList) \(table.rows)") { row in
                table.columns.map { _ in
                    switch row.value() {
                    case .null: "NULL"
                    case .integer(let value): "\(value)"
                    case .real(let value): "\(value) as a number with a fraction"
                    case .bytes(let bytes):
                        bytes.count > 1000 ? Hex.encode(SHA256.hash(Array(bytes))) : Hex.encode(Array(bytes))
                    }
                }.joined(separator: "|")
            }.sorted()
        }
        return dump
    }

    // MARK: Moving

    @Test func thereAndBackNothingChanges() throws {
        let source = try fill(first)
        let before = try dump(source.database)
        let report = try transfer(in: first, .to(place)).run()
        #expect(report.tables.map(\.name) == TransferTable.all.map(\.text))
        #expect(report.tables.allSatisfy { $0.rows == ($0.name == "passages" ? Self.passages : 3) })
        #expect(report.files == 3)
        let moved = try Database(server: place, timeout: 5000)
        #expect(try dump(moved) == before)
        #expect(try dump(source.database) == before)
        // New rows get new numbers.
        let number: Int? = try moved.value(
            """
            INSERT INTO passages (id, workspace_id, document_id, position, text_start, text_end, content)
            VALUES ('new', 'w', 'd', 0, 0, 0, '') RETURNING number
            """)
        #expect(number == Self.passages + 1)
        try moved.run("DELETE FROM passages WHERE id = 'new'")

        _ = try transfer(in: second, .from(place)).run()
        let back = try Store(directory: second)
        #expect(try dump(back.database) == before)
        for index in 1...3 { #expect(try back.blobs.read(Self.hashes[index]) == Self.file(index)) }
        _ = try back.settings.set("name", to: "value")
    }

    @Test func afterwardsTheSourceCanOnlyBeReadUntilItIsReopened() throws {
        let source = try fill(first)
        #expect(try transfer(in: first, .to(place)).count().tables.count == TransferTable.all.count)
        try source.settings.set("name", to: "value")
        _ = try transfer(in: first, .to(place)).run()
        #expect(failure { try source.settings.set("name", to: "other") }.code == .serviceUnavailable)
        #expect(try source.settings.value("name") == "value")
        #expect(failure { _ = try transfer(in: first, .to(place)).run() }.code == .conflict)
        #expect(try source.reopen())
        try source.settings.set("name", to: "other")
        #expect(try !source.reopen())
    }

    @Test func aServerIsClosedForProcessesThatHaveBegunAndForNewOnes() throws {
        _ = try fill(first)
        _ = try transfer(in: first, .to(place)).run()
        let old = try Store(directory: second, server: place)
        try old.settings.set("name", to: "value")
        let lease = try TransferLease(on: try Database(server: place, timeout: 5000), seconds: 60)
        let new = try Store(directory: second, server: place)
        #expect(failure { try new.settings.set("name", to: "other") }.code == .serviceUnavailable)
        guard case .postgres(let engine) = old.database.engine else { return }
        engine.nextSchemaCheck = .now
        #expect(failure { try old.settings.set("name", to: "other") }.code == .serviceUnavailable)
        #expect(failure { try old.settings.set("name", to: "other") }.code == .serviceUnavailable)
        lease.end()
        for store in [old, new] { try store.settings.set("name", to: "other") }
    }

    @Test func theMarkOfAKilledTransferLapses() throws {
        let source = try Store(directory: first)
        let lease = try TransferLease(on: try Database(path: "\(first)/nexlayer.db", busyTimeout: 5000), seconds: 1)
        #expect(failure { try source.settings.set("name", to: "value") }.code == .serviceUnavailable)
        usleep(1_100_000)
        try source.settings.set("name", to: "value")
        #expect(failure { try lease.renew() }.code == .conflict)
    }

    // MARK: Refusals

    @Test func aTargetThatIsNotEmptyStaysAsItIs() throws {
        _ = try fill(first)
        let target = try Store(directory: second, server: place).database
        try target.run("INSERT INTO hidden_documents VALUES ('d', 'w')")
        let refused = failure { _ = try transfer(in: first, .to(place)).run() }
        #expect(refused.code == .conflict && refused.message.contains("hidden_documents"))
        #expect(failure { _ = try transfer(in: first, .to(place)).count() }.code == .conflict)
        #expect(try target.value("SELECT count(*) FROM users", as: Int.self) == 0)
        try Store(directory: first).settings.set("name", to: "value")
    }

    @Test func aDifferenceIsFoundAndNothingIsMoved() throws {
        let source = try fill(first)
        let target = try Database(server: place, timeout: 5000)
        try target.script(
            """
            CREATE FUNCTION other_name() RETURNS TRIGGER LANGUAGE plpgsql AS $$
            BEGIN IF NEW.position = 2 THEN NEW.content = NEW.content || ' '; END IF; RETURN NEW; END $$;
            CREATE TRIGGER other_name BEFORE INSERT ON messages FOR EACH ROW EXECUTE FUNCTION other_name();
            """)
        try source.database.run(
            "UPDATE messages SET position = 2 WHERE position = (SELECT max(position) FROM messages)")
        let refused = failure { _ = try transfer(in: first, .to(place)).run() }
        #expect(refused.code == .conflict && refused.message.contains("messages"))
        #expect(try target.value("SELECT count(*) FROM users", as: Int.self) == 0)
        try source.settings.set("name", to: "value")
    }

    @Test func aDamagedFileEndsTheTransfer() throws {
        let source = try fill(first)
        let sha256 = Self.hashes[2]
        try Data("Other bytes, as many".utf8).write(
            to: URL(fileURLWithPath: "\(first)/blobs/\(sha256.prefix(2))/\(sha256)"))
        #expect(failure { _ = try transfer(in: first, .to(place)).run() }.code != nil)
        try source.settings.set("name", to: "value")
    }

    @Test func anInterruptionLeavesNoDatabaseBehind() throws {
        _ = try fill(first)
        _ = try transfer(in: first, .to(place)).run()
        struct Interruption: Error {}
        let stopped = transfer(in: second, .from(place)) { step in if step.name == "messages" { throw Interruption() } }
        #expect(throws: Interruption.self) { _ = try stopped.run() }
        #expect(!FileManager.default.fileExists(atPath: "\(second)/nexlayer.db"))
        #expect(!InstallationMarker(of: second).exists)
        try Store(directory: first, server: place).settings.set("name", to: "value")
    }

    @Test func aServerThatCannotBeUsedIsNamedWithoutItsPassword() throws {
        _ = try Store(directory: first)
        let url = server.url(database: name, password: "wrong secret")
        let wrong = try DatabaseServer(url: url, direct: nil, environment: { _ in nil })
        do {
            _ = try transfer(in: first, .to(wrong)).run()
            Issue.record("a wrong password was accepted")
        } catch let error as APIError {
            #expect(error.code == .validation)
            #expect("\(error)".contains("password") && !"\(error)".contains("wrong secret"))
        }
        #expect(failure { _ = try transfer(in: second, .to(place)).run() }.code == .notFound)
        #expect(failure { _ = try transfer(in: second, .from(place)).run() }.code == .validation)
    }
}
