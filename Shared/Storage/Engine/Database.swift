import CSQLite
import Models
import Wire

/// One connection to the database file, with its statements kept prepared between requests.
///
/// Not shared between threads: a process serves one request at a time.
final class Database {
    private struct Prepared {
        let pieces: [SQL.Piece]
        let handle: OpaquePointer
    }

    let handle: OpaquePointer
    /// How long to wait for other writers, in milliseconds.
    let busyTimeout: Int32
    let queue: WriteQueue?
    /// Looked through one by one: a function has a few dozen at most, which differ in their first piece.
    @exclusivity(unchecked) private var statements: [Prepared] = []
    var isInTransaction = false
    /// Whether `snapshot` is at work, and whether its transaction is open.
    var isInSnapshot = false
    var hasSnapshot = false
    /// Runs first in every write that is made for a request, on the locked state. What it throws ends the write.
    var authorization: (() throws -> Void)?
    /// Whether the last write of a request waits for its commit, so that its response can be kept in the same one.
    var defersConclusion = false
    var isConcluding = false
    /// This process's place in the queue of writers, while it writes.
    var turn: WriteQueue.Turn?
    /// Destroyed after `deinit` has closed SQLite's own descriptor of it.
    var sharedMemory: SharedMemory?
    /// The version that the schema must have; nil until it was migrated.
    var schemaVersion: Int?
    /// Whether this connection has to be given up: the file is another one now, or SQLite cannot go on with it.
    private(set) var isUnusable = false
    private var canRank = false
    private var canIndex = false

    /// Opens the file.
    ///
    /// - Parameters:
    ///   - queue: the path of the file in which writers queue; without one, nobody waits in order.
    ///   - busyTimeout: how long to wait for another process's write, in milliseconds.
    ///   - mayCreate: whether to make the file where there is none.
    init(path: String, queue: String? = nil, busyTimeout: Int32, mayCreate: Bool = true) throws {
        _ = Self.isConfigured
        var opened: OpaquePointer?
        let flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | (mayCreate ? SQLITE_OPEN_CREATE : 0)
        let result = sqlite3_open_v2(path, &opened, flags, nil)
        guard let opened, result == SQLITE_OK else {
            let error = DatabaseError(result, in: opened)
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

    /// What has to be said before SQLite is used for the first time.
    private static let isConfigured = sqlite3_nexlayer_configure() == SQLITE_OK

    // MARK: Statements

    /// Every row, read by `body`.
    func all<T>(_ sql: SQL, _ body: (inout Row) throws -> T) throws -> [T] {
        if try isWriteOfItsOwn(sql) { return try write { try all(sql, body) } }
        let statement = try bind(sql)
        defer { sqlite3_reset(statement) }
        var items: [T] = []
        while try step(statement) {
            var row = Row(statement: statement)
            items.append(try body(&row))
        }
        return items
    }

    /// The first row, if there is one.
    func first<T>(_ sql: SQL, _ body: (inout Row) throws -> T) throws -> T? {
        if try isWriteOfItsOwn(sql) { return try write { try first(sql, body) } }
        let statement = try bind(sql)
        defer { sqlite3_reset(statement) }
        guard try step(statement) else { return nil }
        var row = Row(statement: statement)
        return try body(&row)
    }

    /// The first column of the first row.
    func value<T: SQLReadable>(_ sql: SQL, as _: T.Type = T.self) throws -> T? {
        try first(sql) { T(from: &$0) }
    }

    /// One page of what is FROM `source`, and how many rows that has in all: both of one moment, since
    /// one statement reads them.
    ///
    /// - Parameter counted: as many rows as `source` for less work, where there is such a thing.
    func page<T>(
        _ columns: SQL, from source: SQL, counted: SQL? = nil, order: SQL, _ request: PageRequest,
        _ body: (inout Row) -> T
    ) throws -> Page<T> {
        let rows: SQL = "\(source) ORDER BY \(order) LIMIT \(request.limit) OFFSET \(request.offset)"
        var items: [T] = []
        let total = try eachRow(columns, from: rows, counted: counted ?? source) { items.append(body(&$0)) }
        return Page(items: items, total: total, request: request)
    }

    /// The same for `rows` that are in order and within the bounds of the page already: they are encoded as JSON as
    /// they are read, without becoming models.
    func page<T>(
        encoding columns: EncodedColumns, from rows: SQL, counted: SQL, _ request: PageRequest
    ) throws -> Page<T> {
        var total = 0
        let items = try EncodedJSON(capacity: request.limit * Self.encodedRowLength) { writer in
            var encoded = EncodedRows(columns, with: writer)
            writer.beginArray()
            total = try eachRow(columns.sql, from: rows, counted: counted) { encoded.write(&$0, to: &writer) }
            writer.endArray()
        }
        return Page(encoded: items, total: total, request: request)
    }

    /// The room that a row is expected to need.
    private static let encodedRowLength = 768

    /// Calls `body` with each row of a page, and returns how many there are in all.
    private func eachRow(_ columns: SQL, from rows: SQL, counted: SQL, _ body: (inout Row) -> Void) throws -> Int {
        let count: SQL = "SELECT count(*) FROM \(counted)"
        let statement = try bind("SELECT (\(count)), \(columns) FROM \(rows)")
        defer { sqlite3_reset(statement) }
        var total: Int?
        while try step(statement) {
            var row = Row(statement: statement)
            total = row.next()
            body(&row)
        }
        // Behind the last page there is no row to tell.
        return try total ?? value(count) ?? 0
    }

    /// Runs a statement to its end and returns how many rows it changed.
    @discardableResult
    func run(_ sql: SQL) throws -> Int {
        if try isWriteOfItsOwn(sql) { return try write { try runAlone(sql) } }
        return try runAlone(sql)
    }

    /// Runs a statement as it stands, in whatever transaction there is.
    @discardableResult
    func runAlone(_ sql: SQL) throws -> Int {
        let statement = try bind(sql)
        defer { sqlite3_reset(statement) }
        while try step(statement) {}
        return Int(sqlite3_changes(handle))
    }

    /// Runs several statements without parameters, such as a migration.
    func script(_ text: String) throws {
        let result = sqlite3_exec(handle, text, nil, nil, nil)
        guard result == SQLITE_OK else { throw failure(result) }
    }

    /// What SQLite said, as an error. After some of them, only a connection that is opened again can work.
    func failure(_ code: Int32) -> APIError {
        let error = DatabaseError(code, in: handle)
        if error.endsConnection { giveUp() }
        return error.apiError
    }

    /// Marks the connection as one to be given up after the request at hand.
    func giveUp() { isUnusable = true }

    // MARK: Parts

    /// Whether a statement changes something outside of a transaction. It becomes a write like any other then:
    /// queued, and authorised. (BEGIN and COMMIT count as reading, BEGIN IMMEDIATE does not.)
    private func isWriteOfItsOwn(_ sql: SQL) throws -> Bool {
        try !isInTransaction && sqlite3_stmt_readonly(prepare(sql)) == 0
    }

    private func bind(_ sql: SQL) throws -> OpaquePointer {
        let statement = try prepare(sql)
        for (offset, value) in sql.values.enumerated() {
            let result = value.bind(to: statement, at: Int32(offset + 1))
            guard result == SQLITE_OK else { throw failure(result) }
        }
        return statement
    }

    private func prepare(_ sql: SQL) throws -> OpaquePointer {
        for statement in statements where statement.pieces == sql.pieces { return statement.handle }
        var statement: OpaquePointer?
        let text = sql.text
        let result = withExtendedLifetime(text) {
            text.bytes.withMemoryRebound(to: CChar.self) {
                sqlite3_prepare_v3(
                    handle, $0.baseAddress, Int32($0.count), UInt32(SQLITE_PREPARE_PERSISTENT), &statement, nil)
            }
        }
        guard let statement, result == SQLITE_OK else { throw failure(result) }
        if statements.count >= Self.mostStatements { forgetOldest() }
        statements.append(Prepared(pieces: sql.pieces, handle: statement))
        return statement
    }

    /// More than any function has of its own: only searches with ever other filters have more.
    private static let mostStatements = 100

    private func forgetOldest() {
        guard let oldest = statements.firstIndex(where: { sqlite3_stmt_busy($0.handle) == 0 }) else { return }
        sqlite3_finalize(statements.remove(at: oldest).handle)
    }

    /// True when there is a row.
    private func step(_ statement: OpaquePointer) throws -> Bool {
        switch sqlite3_step(statement) {
        case SQLITE_ROW: return true
        case SQLITE_DONE: return false
        case let result: throw failure(result)
        }
    }

    /// Runs `body`, in which statements fail once the budget is spent.
    func limit<T>(by budget: SearchBudget, _ body: () throws -> T) rethrows -> T { try budget.limit(handle, body) }

    /// Runs a statement if nobody else is writing at this moment, and leaves it at that if somebody is: for what may
    /// be lost. Neither waits nor fails. Does nothing within a transaction.
    func runUnlessBusy(_ sql: SQL) {
        guard !isInTransaction, !hasSnapshot else { return }
        sqlite3_busy_timeout(handle, 0)
        defer { sqlite3_busy_timeout(handle, busyTimeout) }
        _ = try? runAlone(sql)
    }

    /// Makes `passage_rank` known to this connection.
    func prepareRanking() throws {
        guard !canRank else { return }
        try PassageRanking.register(on: handle)
        canRank = true
    }

    /// Makes the functions of `TextFunctions` known to this connection.
    func prepareIndexing() throws {
        guard !canIndex else { return }
        guard TextFunctions.register(on: handle) else { throw failure(SQLITE_ERROR) }
        canIndex = true
    }
}

extension SQLValue {
    fileprivate func bind(to statement: OpaquePointer, at index: Int32) -> Int32 {
        // SQLITE_TRANSIENT is a cast that C's macros do not bring to Swift: SQLite copies the value.
        let transient = unsafeBitCast(-1, to: sqlite3_destructor_type.self)
        switch self {
        case .null: return sqlite3_bind_null(statement, index)
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
