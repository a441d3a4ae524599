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

    private let handle: OpaquePointer
    private let busyTimeout: Int32
    /// Looked through one by one: a function has a few dozen at most, which differ in their first piece.
    @exclusivity(unchecked) private var statements: [Prepared] = []
    private var isInTransaction = false
    private var isReadingOneState = false
    private var canRank = false
    private var canIndex = false

    /// Opens or creates the file. How long to wait for another process's write is in milliseconds.
    init(path: String, busyTimeout: Int32) throws {
        _ = Self.isConfigured
        var opened: OpaquePointer?
        let flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX
        let result = sqlite3_open_v2(path, &opened, flags, nil)
        guard let opened, result == SQLITE_OK else {
            let error = DatabaseError(result, in: opened)
            sqlite3_close_v2(opened)
            throw error.apiError
        }
        handle = opened
        self.busyTimeout = busyTimeout
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

    /// The same for `rows` that are in order and within the bounds of the page already, and whose columns are
    /// the fields of the items in their order: they go from the database into the answer when it is sent, without
    /// being made models of.
    func page<T: Shaped>(
        of _: T.Type, _ columns: SQL, from rows: SQL, counted: SQL, _ request: PageRequest
    ) -> Page<T> {
        Page(request) { [self] writer in
            defer { endReading() }
            var stored = StoredRows(T.shape.columns, with: writer)
            writer.beginArray()
            let total = try eachRow(columns, from: rows, counted: counted) { $0.write(as: &stored, to: &writer) }
            writer.endArray()
            return total
        }
    }

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
        let statement = try bind(sql)
        defer { sqlite3_reset(statement) }
        while try step(statement) {}
        return Int(sqlite3_changes(handle))
    }

    /// Runs several statements without parameters, such as a migration.
    func script(_ text: String) throws {
        let result = sqlite3_exec(handle, text, nil, nil, nil)
        guard result == SQLITE_OK else { throw DatabaseError(result, in: handle).apiError }
    }

    // MARK: Transactions

    /// From now on, all that is read is of one moment, that of the first reading, and costs one lock together,
    /// until `endReading` or until something is written. Within a write that is so anyway.
    func beginReading() throws {
        guard !isReadingOneState, !isInTransaction else { return }
        try run("BEGIN")
        isReadingOneState = true
    }

    /// Lets go of the moment that was begun, if there is one.
    func endReading() {
        guard isReadingOneState else { return }
        isReadingOneState = false
        // A transaction that changed nothing has nothing that could fail, but for want of memory.
        _ = try? run("COMMIT")
    }

    /// Runs `body` as one write: all of it happens, or nothing. Takes the write lock at once, so that
    /// what `body` reads cannot change before it writes. Within another write it joins that one.
    func write<T>(_ body: () throws -> T) throws -> T {
        if isInTransaction { return try body() }
        try run("BEGIN IMMEDIATE")
        isInTransaction = true
        defer { isInTransaction = false }
        do {
            let result = try body()
            try run("COMMIT")
            return result
        } catch {
            // The error that matters is the first; SQLite may have rolled back by itself already.
            if sqlite3_get_autocommit(handle) == 0 { _ = try? run("ROLLBACK") }
            throw error
        }
    }

    /// Throws unless a write could begin. Somebody else's that is under way shows that as well as our own,
    /// so it is not waited for.
    func checkWritable() throws {
        guard !isInTransaction else { return }
        endReading()
        // NB: on a file that may only be read, BEGIN IMMEDIATE begins a transaction that only reads.
        guard sqlite3_db_readonly(handle, "main") == 0 else {
            throw DatabaseError(SQLITE_READONLY, in: nil).apiError
        }
        sqlite3_busy_timeout(handle, 0)
        defer { sqlite3_busy_timeout(handle, busyTimeout) }
        let result = sqlite3_exec(handle, "BEGIN IMMEDIATE; ROLLBACK", nil, nil, nil)
        guard result == SQLITE_OK || result & 0xFF == SQLITE_BUSY else {
            throw DatabaseError(result, in: handle).apiError
        }
    }

    // MARK: Parts

    private func bind(_ sql: SQL) throws -> OpaquePointer {
        var statement = try prepare(sql)
        // NB: for BEGIN and COMMIT, too, this says that they only read.
        if isReadingOneState, sqlite3_stmt_readonly(statement) == 0 {
            endReading()
            // To make room for COMMIT, this very one may have been forgotten.
            statement = try prepare(sql)
        }
        for (offset, value) in sql.values.enumerated() {
            let result = value.bind(to: statement, at: Int32(offset + 1))
            guard result == SQLITE_OK else { throw DatabaseError(result, in: handle).apiError }
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
        guard let statement, result == SQLITE_OK else { throw DatabaseError(result, in: handle).apiError }
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
        case let result: throw DatabaseError(result, in: handle).apiError
        }
    }

    /// Runs `body`, in which statements fail once the budget is spent.
    func limit<T>(by budget: SearchBudget, _ body: () throws -> T) rethrows -> T { try budget.limit(handle, body) }

    /// Runs a statement if nobody else is writing at this moment, and leaves it at that if somebody is: for what may
    /// be lost. Neither waits nor fails. Does nothing within a transaction.
    func runUnlessBusy(_ sql: SQL) {
        guard !isInTransaction, !isReadingOneState else { return }
        sqlite3_busy_timeout(handle, 0)
        defer { sqlite3_busy_timeout(handle, busyTimeout) }
        _ = try? run(sql)
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
        guard TextFunctions.register(on: handle) else { throw DatabaseError(SQLITE_ERROR, in: handle).apiError }
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
