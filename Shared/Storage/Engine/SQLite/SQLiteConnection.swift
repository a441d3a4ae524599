import CSQLite
import Models
import Wire

/// A connection to a database file. It keeps prepared statements between requests.
final class SQLiteConnection {
    private struct Prepared {
        let pieces: [SQL.Piece]
        let handle: OpaquePointer
    }

    let handle: OpaquePointer
    /// How long to wait for other writers, in milliseconds.
    let busyTimeout: Int32
    private let queue: WriteQueue?
    /// Searched linearly: a function has a few dozen at most, which differ in their first piece.
    @exclusivity(unchecked) private var statements: [Prepared] = []
    /// This process's place in the queue of writers while it writes.
    private var turn: WriteQueue.Turn?
    /// Destroyed after `deinit` has closed SQLite's descriptor of the file.
    var sharedMemory: SharedMemory?
    /// The required version of the schema; nil until it has been migrated.
    var schemaVersion: Int?
    /// Whether this connection must be replaced: its file was moved or replaced, or it failed.
    private(set) var isUnusable = false
    /// Whether `refuseNewer` is running, so that its own failure does not call it again.
    private var isRefusing = false

    init(path: String, queue: String?, busyTimeout: Int32, mayCreate: Bool) throws {
        _ = Self.isConfigured
        var opened: OpaquePointer?
        let flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | (mayCreate ? SQLITE_OPEN_CREATE : 0)
        let result = sqlite3_open_v2(path, &opened, flags, nil)
        guard let opened, result == SQLITE_OK else {
            let error = SQLiteError(result, in: opened)
            sqlite3_close_v2(opened)
            throw error.apiError
        }
        handle = opened
        self.busyTimeout = busyTimeout
        self.queue = queue.map(WriteQueue.init)
        sqlite3_extended_result_codes(handle, 1)
        sqlite3_busy_timeout(handle, busyTimeout)
        sqlite3_nexlayer_enable_foreign_keys(handle)
        // Keeps the write-ahead log, emptied (which takes a size limit), when the last connection closes. Then a lone
        // process that only reads neither creates nor deletes files and has no log to recover.
        var persist: Int32 = 1
        sqlite3_file_control(handle, "main", SQLITE_FCNTL_PERSIST_WAL, &persist)
        try script("PRAGMA journal_size_limit = 16777216")
    }

    deinit {
        for statement in statements { sqlite3_finalize(statement.handle) }
        sqlite3_close_v2(handle)
    }

    /// Whether this connection has changed anything.
    var hasWritten: Bool { sqlite3_total_changes(handle) > 0 }

    /// Settings that SQLite accepts only before its first use.
    private static let isConfigured = sqlite3_nexlayer_configure() == SQLITE_OK

    /// Converts a SQLite result code to an error. After some of them, the connection must be reopened.
    func failure(_ code: Int32) -> APIError {
        let error = SQLiteError(code, in: handle)
        if error.endsConnection { isUnusable = true }
        return error.apiError
    }

    // MARK: Statements

    /// Whether a statement changes nothing. SQLite counts BEGIN and COMMIT as such.
    func isReadOnly(_ sql: SQL) throws -> Bool { sqlite3_stmt_readonly(try prepare(sql)) != 0 }

    /// A statement ready for its first step. Reset it after the last one.
    func bind(_ sql: SQL) throws -> OpaquePointer {
        let statement = try prepare(sql)
        for (offset, value) in sql.values.enumerated() {
            let result = value.bind(to: statement, at: Int32(offset + 1))
            guard result == SQLITE_OK else { throw failure(result) }
        }
        return statement
    }

    /// Returns true if there is a row.
    func step(_ statement: OpaquePointer) throws -> Bool {
        switch sqlite3_step(statement) {
        case SQLITE_ROW: return true
        case SQLITE_DONE: return false
        case let result: throw failure(result)
        }
    }

    func reset(_ statement: OpaquePointer) { sqlite3_reset(statement) }

    /// Runs a statement to completion and returns the number of rows changed.
    @discardableResult
    func execute(_ sql: SQL) throws -> Int {
        let statement = try bind(sql)
        defer { sqlite3_reset(statement) }
        while try step(statement) {}
        return Int(sqlite3_changes(handle))
    }

    /// The same, but does nothing if another process is writing.
    func executeUnlessBusy(_ sql: SQL) {
        sqlite3_busy_timeout(handle, 0)
        defer { sqlite3_busy_timeout(handle, busyTimeout) }
        _ = try? execute(sql)
    }

    /// Runs several statements without parameters, such as a migration.
    func script(_ text: String) throws {
        let result = sqlite3_exec(handle, text, nil, nil, nil)
        guard result == SQLITE_OK else { throw failure(result) }
    }

    private func prepare(_ sql: SQL) throws -> OpaquePointer {
        for statement in statements where statement.pieces == sql.pieces { return statement.handle }
        var statement: OpaquePointer?
        let text = sql.text(in: .sqlite)
        let result = withExtendedLifetime(text) {
            text.bytes.withMemoryRebound(to: CChar.self) {
                sqlite3_prepare_v3(
                    handle, $0.baseAddress, Int32($0.count), UInt32(SQLITE_PREPARE_PERSISTENT), &statement, nil)
            }
        }
        guard let statement, result == SQLITE_OK else {
            if result == SQLITE_ERROR, !isRefusing {
                // The table or column may be one that a newer version has removed.
                isRefusing = true
                defer { isRefusing = false }
                try refuseNewer()
            }
            throw failure(result)
        }
        if statements.count >= Self.maximumStatements { finalizeOldest() }
        statements.append(Prepared(pieces: sql.pieces, handle: statement))
        return statement
    }

    /// More than any function has. Only searches with ever-changing filters reach it.
    private static let maximumStatements = 100

    private func finalizeOldest() {
        guard let oldest = statements.firstIndex(where: { sqlite3_stmt_busy($0.handle) == 0 }) else { return }
        sqlite3_finalize(statements.remove(at: oldest).handle)
    }

    // MARK: Transactions

    func beginSnapshot() throws { try execute("BEGIN") }
    func endSnapshot() {
        // A transaction without changes can fail only for lack of memory.
        _ = try? execute("COMMIT")
    }

    /// Waits for this process's turn, then takes SQLite's write lock.
    func beginWrite() throws {
        let deadline = Deadline(after: busyTimeout)
        turn = queue?.wait(until: deadline)
        do {
            try refuseMoved()
            // The rest of the time is for writers that do not use the queue.
            let remaining = deadline.remaining
            if remaining < busyTimeout { sqlite3_busy_timeout(handle, remaining) }
            defer { if remaining < busyTimeout { sqlite3_busy_timeout(handle, busyTimeout) } }
            try execute("BEGIN IMMEDIATE")
            try refuseNewer()
        } catch {
            rollBack()
            throw error
        }
    }

    func commit() throws {
        try execute("COMMIT")
        endTurn()
    }

    func rollBack() {
        // SQLite may already have rolled back.
        if sqlite3_get_autocommit(handle) == 0 { _ = try? execute("ROLLBACK") }
        endTurn()
    }

    private func endTurn() {
        turn?.end()
        turn = nil
    }

    // MARK: Detecting a replaced database

    /// Whether the open file is no longer the one at its path, because the folder was moved, replaced or restored. A
    /// restore that overwrites the file in place is not noticed.
    var hasMoved: Bool {
        var moved: Int32 = 0
        return sqlite3_file_control(handle, "main", SQLITE_FCNTL_HAS_MOVED, &moved) == SQLITE_OK && moved != 0
    }

    private func refuseMoved() throws {
        guard hasMoved else { return }
        isUnusable = true
        throw APIError(
            .serviceUnavailable, "The data folder was replaced; try again", cause: "the database file has moved")
    }

    /// A process of an older version must not use a database that a newer one has migrated.
    private func refuseNewer() throws {
        guard let schemaVersion, case let found = try userVersion(), found != schemaVersion else { return }
        isUnusable = true
        throw APIError(
            .serviceUnavailable, "The database was migrated by a newer version of this program; restart this one",
            cause: "user_version is \(found), this process works with \(schemaVersion)")
    }

    /// The number of migrations applied to the file.
    func userVersion() throws -> Int {
        let statement = try bind("PRAGMA user_version")
        defer { sqlite3_reset(statement) }
        return try step(statement) ? Int(sqlite3_column_int64(statement, 0)) : 0
    }

    /// Whether the file was opened read-only. SQLite falls back to that silently.
    var isReadOnly: Bool { sqlite3_db_readonly(handle, "main") != 0 }

    /// The error of writes to such a file.
    var readOnlyFailure: APIError { failure(SQLITE_READONLY) }
}

extension SQLValue {
    fileprivate func bind(to statement: OpaquePointer, at index: Int32) -> Int32 {
        // SQLITE_TRANSIENT, a macro with a cast that Swift does not import: SQLite copies the value.
        let transient = unsafeBitCast(-1, to: sqlite3_destructor_type.self)
        switch self {
        case .null: return sqlite3_bind_null(statement, index)
        case .bool(let value): return sqlite3_bind_int64(statement, index, value ? 1 : 0)
        case .integer(let value): return sqlite3_bind_int64(statement, index, value)
        case .real(let value): return sqlite3_bind_double(statement, index, value)
        case .text(var text):
            return text.withUTF8 { bytes in
                bytes.withMemoryRebound(to: CChar.self) {
                    sqlite3_bind_text64(
                        statement, index, $0.baseAddress, UInt64($0.count), transient, UInt8(SQLITE_UTF8))
                }
            }
        case .blob(let bytes):
            return bytes.withUnsafeBytes {
                sqlite3_bind_blob64(statement, index, $0.baseAddress, UInt64($0.count), transient)
            }
        case .integers, .blobs: return SQLITE_MISMATCH
        }
    }
}
