import Models
import Wire

/// The database of an installation, through which the stores read and write, whatever the engine.
///
/// Not shared between threads: a process serves one request at a time.
final class Database {
    /// Not a protocol: the closures that read rows are generic and must be inlined.
    enum Engine {
        case sqlite(SQLiteConnection)
        case postgres(PostgresEngine)
    }

    let engine: Engine
    /// Whether a write is in progress.
    @exclusivity(unchecked) var isInTransaction = false
    /// Whether `snapshot` is running, and whether its transaction is open.
    @exclusivity(unchecked) var isInSnapshot = false
    @exclusivity(unchecked) var hasSnapshot = false
    /// Runs first in every write on behalf of a request. If it throws, the write ends.
    var authorization: (() throws -> Void)?
    /// Whether the final write of a request delays its commit, so that the response can be stored in the same
    /// transaction.
    var defersConclusion = false
    var isConcluding = false
    /// Whether this connection may write to an installation that is or was moved (`TransferMark`).
    var ignoresTransfer = false
    /// Whether there are webhooks, if the current write has looked.
    @exclusivity(unchecked) var hasWebhooks: Bool?
    /// Closures to run when the current write has ended. They get whether it was committed.
    var endings: [(Bool) -> Void] = []

    /// Opens a SQLite file.
    ///
    /// - Parameters:
    ///   - queue: the path of the file in which writers queue; nil for no particular order.
    ///   - busyTimeout: how long to wait for another process's write, in milliseconds.
    ///   - mayCreate: whether to create the file if it does not exist.
    init(path: String, queue: String? = nil, busyTimeout: Int32, mayCreate: Bool = true) throws {
        engine = .sqlite(
            try SQLiteConnection(path: path, queue: queue, busyTimeout: busyTimeout, mayCreate: mayCreate))
    }

    /// Connects to a PostgreSQL server, and migrates its database if needed.
    ///
    /// - Parameter timeout: for connecting, and for the answers to a statement, in milliseconds; at least 100.
    init(server: DatabaseServer, timeout: Int) throws {
        let connected = try PostgresEngine(server: server, timeout: max(100, timeout))
        try PostgresMigrations.run(on: connected, at: server)
        engine = .postgres(connected)
    }

    /// For what only SQLite has: files, and their migrations.
    var sqlite: SQLiteConnection {
        get throws {
            guard case .sqlite(let connection) = engine else {
                throw APIError.internalError(cause: "the database is no SQLite file")
            }
            return connection
        }
    }

    /// Whether a PostgreSQL server has it.
    var isOnServer: Bool { if case .postgres = engine { true } else { false } }

    /// Whether this connection has changed anything.
    var hasWritten: Bool {
        switch engine {
        case .sqlite(let connection): connection.hasWritten
        // The server loses nothing when a process ends.
        case .postgres: false
        }
    }

    /// Whether the connection must be replaced: its database was moved or replaced, or it failed.
    var isUnusable: Bool {
        switch engine {
        case .sqlite(let connection): connection.isUnusable || connection.hasMoved
        case .postgres(let engine): engine.isUnusable
        }
    }

    /// The error of writes to a database that may only be read.
    var readOnlyFailure: APIError {
        switch engine {
        case .sqlite(let connection): connection.readOnlyFailure
        case .postgres: .readOnly(cause: "the server follows another one")
        }
    }

    // MARK: Reading

    /// All rows, read by `body`. Also for a statement that changes something and returns rows.
    func all<T>(_ sql: SQL, _ body: (inout Row) throws -> T) throws -> [T] {
        if try isWriteOfItsOwn(sql) { return try write { try all(sql, body) } }
        var items: [T] = []
        try eachRow(sql) { row in
            items.append(try body(&row))
            return true
        }
        return items
    }

    /// The first row, if any.
    func first<T>(_ sql: SQL, _ body: (inout Row) throws -> T) throws -> T? {
        if try isWriteOfItsOwn(sql) { return try write { try first(sql, body) } }
        var item: T?
        try eachRow(sql, atMost: 1) { row in
            item = try body(&row)
            return false
        }
        return item
    }

    /// Calls `body` with each row of a statement that only reads, until it returns false.
    func each(_ sql: SQL, _ body: (inout Row) throws -> Bool) throws { try eachRow(sql, body) }

    /// The same as the rows arrive from a server, for large results and for those within a budget. `body` must not run
    /// other statements.
    func stream(_ sql: SQL, _ body: (inout Row) throws -> Bool) throws {
        guard case .postgres(let engine) = engine else { return try eachRow(sql, body) }
        let rows = CopiedRows()
        try engine.run(sql) {
            if let budget = engine.budget, !budget.spendOnRow() { throw SearchBudget.Spent() }
            rows.replace(by: $0)
            var row = Row(rows)
            return try body(&row)
        }
    }

    /// All rows of `source`, the text after FROM.
    func all<T: Record>(from source: SQL, as _: T.Type = T.self) throws -> [T] {
        try all("SELECT \(T.columns) FROM \(source)", Self.record)
    }

    /// The first row of `source`, if any.
    func first<T: Record>(from source: SQL, as _: T.Type = T.self) throws -> T? {
        try first("SELECT \(T.columns) FROM \(source)", Self.record)
    }

    /// Every row of a statement that selects `T.columns`.
    func all<T: Record>(_ sql: SQL, as _: T.Type = T.self) throws -> [T] { try all(sql, Self.record) }

    /// The first row of a statement that selects `T.columns`.
    func first<T: Record>(_ sql: SQL, as _: T.Type = T.self) throws -> T? { try first(sql, Self.record) }

    /// The first column of the first row.
    func value<T: SQLReadable>(_ sql: SQL, as _: T.Type = T.self) throws -> T? {
        try first(sql) { T(from: &$0) }
    }

    /// The first column of every row.
    func values<T: SQLReadable>(_ sql: SQL, as _: T.Type = T.self) throws -> [T] {
        try all(sql) { T(from: &$0) }
    }

    /// Whether the statement returns a row.
    func exists(_ sql: SQL) throws -> Bool { try first(sql) { _ in true } ?? false }

    static func record<T: Record>(_ row: inout Row) -> T {
        let record = T(from: &row)
        assert(row.isAtEnd, "\(T.self) reads other columns than it selects")
        return record
    }

    // MARK: Changing

    /// Runs a statement to completion and returns the number of rows changed.
    @discardableResult
    func run(_ sql: SQL) throws -> Int {
        if try isWriteOfItsOwn(sql) { return try write { try execute(sql) } }
        return try execute(sql)
    }

    private func execute(_ sql: SQL) throws -> Int {
        switch engine {
        case .sqlite(let connection): try connection.execute(sql)
        case .postgres(let engine): try engine.execute(sql)
        }
    }

    /// Runs a change whose outcome nobody looks at. A server gets it with the next statement or the commit, which fails if
    /// it fails.
    func send(_ sql: SQL) throws {
        if try isWriteOfItsOwn(sql) { return try write { try send(sql) } }
        switch engine {
        case .sqlite(let connection): _ = try connection.execute(sql)
        case .postgres(let engine): try engine.send(sql)
        }
    }

    /// Runs several statements without parameters.
    func script(_ text: String) throws {
        switch engine {
        case .sqlite(let connection): try connection.script(text)
        case .postgres(let engine): try engine.script(text)
        }
    }

    /// Runs a statement unless another process is writing, for changes that may be lost. Neither waits nor fails. Does
    /// nothing within a transaction. On PostgreSQL, where others may write, the statement must skip locked rows.
    func runUnlessBusy(_ sql: SQL) {
        guard !isInTransaction, !hasSnapshot else { return }
        switch engine {
        case .sqlite(let connection): connection.executeUnlessBusy(sql)
        case .postgres(let engine): _ = try? engine.execute(sql)
        }
    }

    /// The first row of a statement that PostgreSQL runs as a transaction of its own, whatever becomes of the current
    /// one. It ends the current snapshot, and nobody authorises it.
    func separately<T>(_ sql: SQL, _ body: (inout Row) throws -> T) throws -> T? {
        guard case .postgres(let engine) = engine else {
            throw APIError.internalError(cause: "only PostgreSQL runs statements beside a transaction")
        }
        let rows =
            try engine.prefetched(sql, atMost: 1, isSeparate: true)
            ?? (isInTransaction
                ? engine.second.rows(sql, atMost: 1) : outsideSnapshot { try engine.rows(sql, atMost: 1) })
        guard rows.count > 0 else { return nil }
        var row = Row(rows)
        return try body(&row)
    }

    /// Runs `body`. Statements in it fail once the budget is used up.
    func limit<T>(by budget: SearchBudget, _ body: () throws -> T) rethrows -> T {
        switch engine {
        case .sqlite(let connection): return try budget.limit(connection.handle, body)
        case .postgres(let engine):
            engine.budget = budget
            defer { engine.budget = nil }
            return try body()
        }
    }

    // MARK: Parts

    /// Whether a statement makes changes outside a transaction. It then becomes a write like any other: queued and
    /// authorised.
    private func isWriteOfItsOwn(_ sql: SQL) throws -> Bool {
        if isInTransaction { return false }
        switch engine {
        case .sqlite(let connection): return try !connection.isReadOnly(sql)
        case .postgres: return !sql.onlyReads
        }
    }

    /// Runs a statement and calls `body` with its rows until that returns false.
    ///
    /// - Parameter limit: how many rows are read at most; 0 for all.
    @inline(__always)
    func eachRow(_ sql: SQL, atMost limit: Int = 0, _ body: (inout Row) throws -> Bool) throws {
        switch engine {
        case .sqlite(let connection):
            let statement = try connection.bind(sql)
            defer { connection.reset(statement) }
            while try connection.step(statement) {
                var row = Row(SQLiteRow(statement: statement))
                guard try body(&row) else { return }
            }
        case .postgres(let engine):
            let rows = try engine.rows(sql, atMost: limit)
            while rows.current < rows.count {
                var row = Row(rows)
                guard try body(&row) else { return }
                rows.current += 1
            }
        }
    }
}
