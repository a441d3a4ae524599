import CSQLite
import Glibc
import Models

/// A database file that is copied or inspected as a whole.
///
/// Uses a separate connection that neither creates nor migrates a database and caches no statements.
public final class DatabaseCopy {
    private let handle: OpaquePointer

    /// The pages per step of a copy, about 16 MiB.
    private static let pagesPerStep: Int32 = 4096
    /// How long to wait for another process that recovers the log or closes the last connection, in milliseconds.
    private static let patience: Int32 = 10_000

    /// Opens the copy at `path`, to which nobody writes. Creates no log or other files.
    public convenience init(at path: String) throws {
        var name = Array("file:".utf8)
        for byte in path.utf8 {
            switch byte {
            case UInt8(ascii: "?"): name += Array("%3f".utf8)
            case UInt8(ascii: "#"): name += Array("%23".utf8)
            case UInt8(ascii: "%"): name += Array("%25".utf8)
            default: name.append(byte)
            }
        }
        name += Array("?immutable=1".utf8)
        try self.init(name + [0], flags: SQLITE_OPEN_READONLY | SQLITE_OPEN_URI)
    }

    private init(_ name: [UInt8], flags: Int32) throws {
        var opened: OpaquePointer?
        let result = name.withUnsafeBytes {
            sqlite3_open_v2(
                $0.baseAddress?.assumingMemoryBound(to: CChar.self), &opened, flags | SQLITE_OPEN_NOMUTEX, nil)
        }
        guard let opened, result == SQLITE_OK else {
            let error = SQLiteError(result, in: opened)
            sqlite3_close_v2(opened)
            throw error.apiError
        }
        handle = opened
        sqlite3_extended_result_codes(handle, 1)
        sqlite3_busy_timeout(handle, Self.patience)
    }

    private convenience init(existing path: String) throws {
        try self.init(Array(path.utf8) + [0], flags: SQLITE_OPEN_READWRITE)
        // As on every other connection: the log is kept, emptied, when the last one closes.
        var persist: Int32 = 1
        sqlite3_file_control(handle, "main", SQLITE_FCNTL_PERSIST_WAL, &persist)
        try run("PRAGMA journal_size_limit = 16777216")
    }

    deinit { sqlite3_close_v2(handle) }

    // MARK: Copying

    /// Copies a snapshot of the database at `path`, while others read and write. Uses the online backup, because the
    /// result of `VACUUM INTO` is not in WAL mode, and opening an up-to-date database does not set it again.
    ///
    /// - Parameters:
    ///   - target: a file that does not exist yet. It is not synced.
    ///   - progress: gets the number of bytes copied and the total. If it throws, the copy ends.
    public static func make(of path: String, at target: String, progress: (Int64, Int64) throws -> Void) throws {
        let source = try DatabaseCopy(existing: path)
        // All steps read the snapshot of this transaction. Without it, each write of another process would restart the
        // copy.
        try source.run("BEGIN")
        _ = try source.schemaVersion
        let copy = try DatabaseCopy(Array(target.utf8) + [0], flags: SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE)
        try copy.run("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF")
        let pageSize = Int64(try source.rows("PRAGMA page_size") { $0.integer() }.first ?? 0)
        guard let backup = sqlite3_backup_init(copy.handle, "main", source.handle, "main") else {
            throw SQLiteError(sqlite3_errcode(copy.handle), in: copy.handle).apiError
        }
        var result: Int32
        repeat {
            result = sqlite3_backup_step(backup, pagesPerStep)
            let (all, left) = (sqlite3_backup_pagecount(backup), sqlite3_backup_remaining(backup))
            do {
                try progress(Int64(all - left) * pageSize, Int64(all) * pageSize)
            } catch {
                sqlite3_backup_finish(backup)
                throw error
            }
        } while result == SQLITE_OK
        let end = sqlite3_backup_finish(backup)
        guard result == SQLITE_DONE, end == SQLITE_OK else {
            throw SQLiteError(result == SQLITE_DONE ? end : result, in: copy.handle).apiError
        }
    }

    /// Copies the write-ahead log into the database file and empties the log, unless others are reading from it. Does
    /// nothing if there is no database.
    public static func checkpoint(in dataDirectory: String) throws {
        let path = "\(dataDirectory)/nexlayer.db"
        guard access(path, F_OK) == 0 else { return }
        let database = try DatabaseCopy(existing: path)
        sqlite3_busy_timeout(database.handle, 1000)
        // NB: a connection does not know of the log until it has read something.
        _ = try database.schemaVersion
        let result = sqlite3_wal_checkpoint_v2(database.handle, nil, SQLITE_CHECKPOINT_TRUNCATE, nil, nil)
        guard result == SQLITE_OK || result & 0xFF == SQLITE_BUSY else {
            throw SQLiteError(result, in: database.handle).apiError
        }
    }

    // MARK: The installation

    /// The id of the installation whose database is at `path`; all its copies have the same one. Created on first use.
    /// Migrates nothing, so that a backup before an upgrade has the earlier version.
    public static func installation(of path: String) throws -> String? {
        let database = try DatabaseCopy(existing: path)
        if let id = try database.installation { return id }
        try database.run(
            """
            INSERT INTO settings (name, value) VALUES ('installation_id', lower(hex(randomblob(16))))
            ON CONFLICT (name) DO NOTHING
            """)
        return try database.installation
    }

    private var installation: String? {
        get throws { try rows("SELECT value FROM settings WHERE name = 'installation_id'") { $0.text() }.first }
    }

    // MARK: Inspecting

    /// The number of migrations applied to it.
    public var schemaVersion: Int { get throws { try rows("PRAGMA user_version") { Int($0.integer()) }.first ?? 0 } }

    public var documentCount: Int {
        get throws { try rows("SELECT count(*) FROM documents") { Int($0.integer()) }.first ?? 0 }
    }

    /// Describes the faults of the file; empty if it is sound. Reads all of it.
    public func problems() throws -> [String] {
        let integrity = try rows("PRAGMA integrity_check(10)") { $0.text() }.filter { $0 != "ok" }
        let references = try rows("PRAGMA foreign_key_check") { $0.text() }
        return integrity + references.prefix(10).map { "a row of \($0) refers to a missing row" }
            + (try documentsWithoutBytes.map { "the document \($0) has no bytes" })
    }

    /// Where files are that are not in the installation's folder: `database`, or a store of objects.
    public var place: String? {
        get throws {
            try rows("SELECT value FROM settings WHERE name = 'blobs'") { $0.text() }
                .first { $0 != BlobLocation.files.kind }
        }
    }

    /// Documents whose bytes should be in the database, but are not there completely; at most ten.
    private var documentsWithoutBytes: [String] {
        get throws {
            guard try place == BlobLocation.database.kind else { return [] }
            return try rows(
                """
                SELECT id FROM documents WHERE size <>
                    (SELECT coalesce(sum(length(data)), 0) FROM blob_parts WHERE blob_parts.sha256 = documents.sha256)
                LIMIT 10
                """
            ) { $0.text() }
        }
    }

    /// Calls `body` once with the SHA-256 of every file of a document in the installation's folder.
    public func eachFile(_ body: (_ sha256: String, _ size: Int64) throws -> Void) throws {
        if try place != nil { return }
        _ = try rows("SELECT sha256, max(size) FROM documents GROUP BY sha256 ORDER BY sha256") {
            try body($0.text(), $0.integer())
        }
    }

    /// The ids of documents that have a given file.
    public func documents(with sha256: String) throws -> [String] {
        try rows("SELECT id, sha256 FROM documents ORDER BY id") { ($0.text(), $0.text()) }
            .filter { $0.1 == sha256 }.map(\.0)
    }

    private func run(_ text: StaticString) throws {
        let result = text.utf8Start.withMemoryRebound(to: CChar.self, capacity: text.utf8CodeUnitCount) {
            sqlite3_exec(handle, $0, nil, nil, nil)
        }
        guard result == SQLITE_OK else { throw SQLiteError(result, in: handle).apiError }
    }

    private func rows<T>(_ text: StaticString, _ body: (inout Row) throws -> T) throws -> [T] {
        var statement: OpaquePointer?
        let prepared = text.utf8Start.withMemoryRebound(to: CChar.self, capacity: text.utf8CodeUnitCount) {
            sqlite3_prepare_v2(handle, $0, Int32(text.utf8CodeUnitCount), &statement, nil)
        }
        guard let statement, prepared == SQLITE_OK else { throw SQLiteError(prepared, in: handle).apiError }
        defer { sqlite3_finalize(statement) }
        var items: [T] = []
        while true {
            switch sqlite3_step(statement) {
            case SQLITE_ROW:
                var row = Row(SQLiteRow(statement: statement))
                items.append(try body(&row))
            case SQLITE_DONE: return items
            case let result: throw SQLiteError(result, in: handle).apiError
            }
        }
    }
}

extension Store {
    /// The number of migrations that this version of the program knows.
    public static var schemaVersion: Int { Migrations.all.count }
}
