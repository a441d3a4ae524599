import CSQLite
import Models
import Wire

/// One connection to a database file, with its statements kept prepared between requests.
final class SQLiteConnection {
    private struct Prepared {
        let pieces: [SQL.Piece]
        let handle: OpaquePointer
    }

    let handle: OpaquePointer
    /// How long to wait for other writers, in milliseconds.
    let busyTimeout: Int32
    private let queue: WriteQueue?
    /// Looked through one by one: a function has a few dozen at most, which differ in their first piece.
    @exclusivity(unchecked) private var statements: [Prepared] = []
    /// This process's place in the queue of writers, while it writes.
    private var turn: WriteQueue.Turn?
    /// Destroyed after `deinit` has closed SQLite's own descriptor of it.
    var sharedMemory: SharedMemory?
    /// The version that the schema must have; nil until it was migrated.
    var schemaVersion: Int?
    /// Whether this connection has to be replaced: its file was moved or replaced, or it failed.
    private(set) var isUnusable = false
    private var canRank = false
    private var canIndex = false

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
        // The write-ahead log stays when the last connection closes, emptied (which takes a limit):
        // a lone process that only reads then neither creates nor deletes a file, nor has a log to
        // recover.
        var persist: Int32 = 1
        sqlite3_file_control(handle, "main", SQLITE_FCNTL_PERSIST_WAL, &persist)
        try script("PRAGMA journal_size_limit = 16777216")
    }

    deinit {
        for statement in statements { sqlite3_finalize(statement.handle) }
        sqlite3_close_v2(handle)
    }

    /// Whether anything was changed through this connection.
    var hasWritten: Bool { sqlite3_total_changes(handle) > 0 }

    /// Settings that SQLite takes before its first use only.
    private static let isConfigured = sqlite3_nexlayer_configure() == SQLITE_OK

    /// What SQLite said, as an error. After some of them, only a connection that is opened again can work.
    func failure(_ code: Int32) -> APIError {
        let error = SQLiteError(code, in: handle)
        if error.endsConnection { isUnusable = true }
        return error.apiError
    }

    // MARK: Statements

    /// Whether a statement changes nothing. (BEGIN and COMMIT count as that.)
    func isReadOnly(_ sql: SQL) throws -> Bool { sqlite3_stmt_readonly(try prepare(sql)) != 0 }

    /// A statement that is ready for its first step. To be reset after its last one.
    func bind(_ sql: SQL) throws -> OpaquePointer {
        let statement = try prepare(sql)
        for (offset, value) in sql.values.enumerated() {
            let result = value.bind(to: statement, at: Int32(offset + 1))
            guard result == SQLITE_OK else { throw failure(result) }
        }
        return statement
    }

    /// True when there is a row.
    func step(_ statement: OpaquePointer) throws -> Bool {
        switch sqlite3_step(statement) {
        case SQLITE_ROW: return true
        case SQLITE_DONE: return false
        case let result: throw failure(result)
        }
    }

    func reset(_ statement: OpaquePointer) { sqlite3_reset(statement) }

    /// Runs a statement to its end and returns how many rows it changed.
    @discardableResult
    func execute(_ sql: SQL) throws -> Int {
        let statement = try bind(sql)
        defer { sqlite3_reset(statement) }
        while try step(statement) {}
        return Int(sqlite3_changes(handle))
    }

    /// The same, unless another process is writing.
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
        let text = Self.text(of: sql)
        let result = withExtendedLifetime(text) {
            text.bytes.withMemoryRebound(to: CChar.self) {
                sqlite3_prepare_v3(
                    handle, $0.baseAddress, Int32($0.count), UInt32(SQLITE_PREPARE_PERSISTENT), &statement, nil)
            }
        }
        guard let statement, result == SQLITE_OK else { throw failure(result) }
        if statements.count >= Self.maximumStatements { finalizeOldest() }
        statements.append(Prepared(pieces: sql.pieces, handle: statement))
        return statement
    }

    /// The statement in SQLite's words.
    private static func text(of sql: SQL) -> ByteBuffer {
        let text = ByteBuffer()
        for piece in sql.pieces {
            switch piece {
            case .text(let part): text.append(part)
            case .placeholder: text.append(UInt8(ascii: "?"))
            case .dialect(let part, _): text.append(part)
            }
        }
        return text
    }

    /// More than any function has of its own: only searches with ever other filters have more.
    private static let maximumStatements = 100

    private func finalizeOldest() {
        guard let oldest = statements.firstIndex(where: { sqlite3_stmt_busy($0.handle) == 0 }) else { return }
        sqlite3_finalize(statements.remove(at: oldest).handle)
    }

    // MARK: Transactions

    func beginSnapshot() throws { try execute("BEGIN") }
    func endSnapshot() {
        // A transaction that changed nothing can only fail for want of memory.
        _ = try? execute("COMMIT")
    }

    /// Waits for this process's turn, and takes the lock that only one writer has.
    func beginWrite() throws {
        let deadline = Deadline(after: busyTimeout)
        turn = queue?.wait(until: deadline)
        do {
            try refuseMoved()
            // What is left of the time, for writers that do not queue.
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
        // SQLite may have rolled back by itself already.
        if sqlite3_get_autocommit(handle) == 0 { _ = try? execute("ROLLBACK") }
        endTurn()
    }

    private func endTurn() {
        turn?.end()
        turn = nil
    }

    // MARK: Whether this is still the database

    /// Whether the file that is open is no longer the one at its path: the folder was moved, replaced or restored.
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

    /// A process of an older version must not write into what a newer one has migrated.
    private func refuseNewer() throws {
        guard let schemaVersion, case let found = try userVersion(), found != schemaVersion else { return }
        isUnusable = true
        throw APIError(
            .serviceUnavailable, "The database was migrated by a newer version of this program; restart this one",
            cause: "user_version is \(found), this process works with \(schemaVersion)")
    }

    /// The number of migrations that the file has had.
    func userVersion() throws -> Int {
        let statement = try bind("PRAGMA user_version")
        defer { sqlite3_reset(statement) }
        return try step(statement) ? Int(sqlite3_column_int64(statement, 0)) : 0
    }

    /// Throws where the file could only be opened for reading, of which SQLite says nothing by itself.
    func requireWritable() throws {
        guard sqlite3_db_readonly(handle, "main") == 0 else { throw failure(SQLITE_READONLY) }
    }

    // MARK: Functions of ours

    /// Makes `passage_rank` known to this connection.
    func prepareRanking() throws {
        guard !canRank else { return }
        try PassageRanking.register(on: handle)
        canRank = true
    }

    /// Makes the functions of `TextFunctions` known to this connection.
    func prepareIndexing() throws {
        guard !canIndex else { return }
        try TextFunctions.register(on: self)
        canIndex = true
    }
}

extension SQLValue {
    fileprivate func bind(to statement: OpaquePointer, at index: Int32) -> Int32 {
        // SQLITE_TRANSIENT is a cast that C's macros do not bring to Swift: SQLite copies the value.
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
        case .ranking(let ranking):
            return sqlite3_bind_pointer(
                statement, index, Unmanaged.passUnretained(ranking).toOpaque(), PassageRanking.pointerType.cString, nil)
        case .blob(let bytes):
            return bytes.withUnsafeBytes {
                sqlite3_bind_blob64(statement, index, $0.baseAddress, UInt64($0.count), transient)
            }
        }
    }
}
