import Models
import Platform
import Postgres

/// A session with a PostgreSQL server, with its prepared statements. Replaces a lost connection where nothing is lost
/// with it.
///
/// Transactions are REPEATABLE READ: a write that is based on an outdated read fails and runs again (`mayRepeat`), and
/// rows stand for what several writes could only break together (`Guard`).
final class PostgresEngine {
    private struct Prepared {
        let pieces: [SQL.Piece]
        let statement: PostgresStatement
    }

    private let server: DatabaseServer
    /// In milliseconds: for connecting, and for the answers to a statement.
    private let timeout: Int
    private(set) var connection: PostgresConnection
    /// Searched linearly, like those of SQLite.
    private var statements: [Prepared] = []
    private var mode: PostgresConnection.TransactionMode?
    /// Whether the current transaction has run a statement, so that it cannot begin again elsewhere.
    private var hasBegun = false
    /// The first failure in the current or last write. The write fails with it even if its body ignores the error.
    private var failure: PostgresError?
    /// Ends reading when it is used up.
    var budget: SearchBudget?
    /// Whether the database must be opened again, because another version of the program may have migrated it.
    private(set) var isUnusable = false

    init(server: DatabaseServer, timeout: Int) throws {
        (self.server, self.timeout) = (server, timeout)
        connection = try Self.connect(to: server.address, timeout: timeout)
    }

    static func connect(to address: PostgresAddress, timeout: Int) throws -> PostgresConnection {
        do throws(PostgresError) {
            return try PostgresConnection(to: address, timeout: timeout)
        } catch {
            throw error.apiError
        }
    }

    /// Replaces a connection that was lost or that the server has closed since its last use.
    private func replaceIfEnded() throws {
        if connection.isUnusable || connection.hasEnded {
            connection = try Self.connect(to: server.address, timeout: timeout)
        }
    }

    private var openedSecond: PostgresEngine?

    /// Another session, for what must be committed while a write is in progress.
    var second: PostgresEngine {
        get throws {
            let second = try openedSecond ?? PostgresEngine(server: server, timeout: timeout)
            openedSecond = second
            return second
        }
    }

    // MARK: Statements

    /// Runs a statement and returns the number of rows changed.
    func execute(_ sql: SQL) throws -> Int { try run(sql) { _ in true } }

    /// The rows of a statement.
    ///
    /// - Parameter limit: how many rows the server sends; 0 for all.
    // NB: not a closure that gets each row: the compiler would make a copy of the client for each, a megabyte together.
    func rows(_ sql: SQL, atMost limit: Int = 0) throws -> CopiedRows {
        if let rows = try prefetched(sql, atMost: limit, isSeparate: false) { return rows }
        let rows = CopiedRows()
        try run(sql, atMost: limit) {
            rows.append($0)
            return true
        }
        return rows
    }

    /// Runs a statement and calls `row` with its rows until that returns false.
    ///
    /// - Returns: the number of rows changed or read.
    @discardableResult
    func run(_ sql: SQL, atMost limit: Int = 0, _ row: (PostgresRow) throws -> Bool) throws -> Int {
        try beginStatement(sql)
        let statement = prepared(sql)
        var hasRows = false
        func send() throws -> Int {
            try connection.run(
                statement, rowLimit: limit, bind: { try $0.append(sql.values) },
                row: {
                    hasRows = true
                    return try row($0)
                })
        }
        defer { hasBegun = true }
        do {
            do { return try send() } catch let error as PostgresError {
                guard connection.isUnusable, error.kind != .timeout, !hasRows, sql.onlyReads, try reconnect() else {
                    throw error
                }
                return try send()
            }
        } catch let error as PostgresError {
            throw noted(error)
        }
    }

    /// Notes an error, and returns what is thrown instead.
    private func noted(_ error: PostgresError) -> APIError {
        // After a failover, the name of the server may mean another one.
        if error.suggestsOtherSchema || error.isReadOnly { isUnusable = true }
        if mode != nil { failure = failure ?? error }
        return error.apiError
    }

    /// Runs a change with the next statement, in a write; otherwise at once.
    func send(_ sql: SQL) throws {
        guard mode == .readWrite else { return _ = try execute(sql) }
        try beginStatement(sql)
        do {
            try connection.enqueue(prepared(sql)) { try $0.append(sql.values) }
        } catch let error as PostgresError {
            throw noted(error)
        }
        hasBegun = true
        if connection.enqueuedBytes > Self.mostBytes || connection.enqueued > Self.mostStatements { try flush() }
    }

    /// The most that waits for the next statement: memory, and answers that the server writes while nobody reads them.
    private static let (mostBytes, mostStatements) = (1 << 20, 200)

    /// Waits for the statements that were sent.
    func flush() throws {
        do throws(PostgresError) { try connection.receive() } catch { throw noted(error) }
    }

    private func beginStatement(_ sql: SQL) throws {
        if collected != nil { throw Prefetch.Collected() }
        if mode == nil { try replaceIfEnded() }
        if mode == nil || (mode == .readWrite && !sql.onlyReads) { fetched = [] }
    }

    /// Replaces a lost connection, unless a write or a snapshot is lost with it.
    private func reconnect() throws -> Bool {
        guard mode == nil || (mode == .readOnly && !hasBegun) else { return false }
        try replaceIfEnded()
        if let mode { try connection.begin(mode) }
        return true
    }

    /// Runs several statements without parameters.
    func script(_ text: String) throws {
        do throws(PostgresError) { try connection.script(text) } catch { throw noted(error) }
    }

    private func prepared(_ sql: SQL) -> PostgresStatement {
        for known in statements where known.pieces == sql.pieces { return known.statement }
        if statements.count >= Self.maximumStatements { connection.close(statements.removeFirst().statement) }
        let statement = PostgresStatement(sql.text(in: .postgres))
        statements.append(Prepared(pieces: sql.pieces, statement: statement))
        return statement
    }

    /// More than any function has. Only searches with ever-changing filters reach it.
    private static let maximumStatements = 100

    // MARK: Prefetching

    /// The reads that `prefetch` has been told of; nil when it is not running.
    private var collected: [Prefetch.Read]?
    /// Those that were sent, and have not been asked for.
    private var fetched: [Prefetch.Read] = []

    /// Sends the reads that run in `list` together.
    func prefetch(_ list: () -> Void) throws {
        guard collected == nil else { return }
        collected = []
        list()
        let wanted = collected ?? []
        collected = nil
        if wanted.count > 1 || connection.enqueued > 0 { try fetch(wanted) }
    }

    /// The rows of a statement, if they have been read before.
    func prefetched(_ sql: SQL, atMost limit: Int, isSeparate: Bool) throws -> CopiedRows? {
        let index = fetched.firstIndex { $0.isOf(sql, isSeparate: isSeparate) && $0.limit == limit }
        guard collected != nil else { return index.map { fetched.remove(at: $0).rows } }
        if index == nil { collected?.append(Prefetch.Read(sql: sql, limit: limit, isSeparate: isSeparate)) }
        throw Prefetch.Collected()
    }

    private func fetch(_ wanted: [Prefetch.Read]) throws {
        if mode == nil { try replaceIfEnded() }
        fetched = mode == nil ? [] : fetched
        let first = connection.enqueued
        // What cannot be sent fails where it is run.
        let sent = wanted.filter { read in
            let isSent: Void? = try? connection.enqueue(
                prepared(read.sql), rowLimit: read.limit, isSeparate: read.isSeparate
            ) { try $0.append(read.sql.values) }
            return isSent != nil
        }
        do throws(PostgresError) {
            try connection.receive { number, row in
                guard number >= first else { return false }
                sent[number - first].rows.append(row)
                return true
            }
            hasBegun = hasBegun || sent.contains { !$0.isSeparate }
            fetched += sent
        } catch {
            // Reads that are not part of a write run one by one instead.
            if mode != .readWrite, error.kind != .timeout {
                let mayGoOn = connection.isUnusable ? try reconnect() : connection.beginAgain()
                if mayGoOn { return }
            }
            throw noted(error)
        }
    }

    // MARK: Transactions

    /// Begins a transaction that only reads. It sees the state at its first statement, and sends nothing before that.
    func beginSnapshot() throws { try begin(.readOnly) }

    func endSnapshot() {
        (mode, fetched) = (nil, [])
        do throws(PostgresError) { try connection.commit() } catch {
            // A transaction without changes has nothing to lose. If the connection failed, the next use notices.
        }
    }

    func beginWrite() throws {
        failure = nil
        try begin(.readWrite)
        let isClosed = transferMark.flatMap(TransferMark.init)?.holds(at: .now()) ?? false
        if isClosed || Moment.now >= nextSchemaCheck { try checkSchema() }
    }

    /// Throws if a newer version of the program has migrated the database so that this one must not write to it. Reads
    /// whether a transfer forbids it, too.
    private func checkSchema() throws {
        let found = try rows(
            "SELECT max(usable_from), (SELECT value FROM settings WHERE name = 'transfer') FROM schema_version")
        var mark: String?
        if found.count > 0, !found.isNull(at: 1) { mark = String(decoding: found.bytes(at: 1), as: UTF8.self) }
        transferMark = mark
        do {
            try PostgresMigrations.requireUsable(from: found.count > 0 ? Int(found.integer(at: 0)) : 0)
        } catch {
            isUnusable = true
            throw error
        }
        nextSchemaCheck = .now.adding(milliseconds: Self.schemaCheckInterval)
    }

    /// The `TransferMark` that was there when the schema was checked last.
    var transferMark: String?
    /// In milliseconds.
    static let schemaCheckInterval: Int64 = 10_000
    /// When a write looks for another schema.
    var nextSchemaCheck = Moment.now.adding(milliseconds: PostgresEngine.schemaCheckInterval)

    private func begin(_ mode: PostgresConnection.TransactionMode) throws {
        try replaceIfEnded()
        do throws(PostgresError) { try connection.begin(mode) } catch { throw error.apiError }
        (self.mode, hasBegun, fetched) = (mode, false, [])
    }

    /// Commits a write. Throws if one of its statements has failed, even if nobody cared.
    func commit() throws {
        if let failure { throw failure.apiError }
        do throws(PostgresError) { try connection.commit() } catch { throw noted(error) }
        (mode, fetched) = (nil, [])
    }

    func rollBack() {
        (mode, fetched) = (nil, [])
        connection.rollBack()
    }

    /// How often writes have run again since this was set to 0.
    var repeatedWrites = 0

    /// Whether a write that has failed and was rolled back may run again. Pauses if it met another write.
    func mayRepeat(_ repetitions: inout Repetitions) -> Bool {
        guard let failure,
            repetitions.allow(after: failure, isConnectionLost: connection.isUnusable, atMost: timeout)
        else { return false }
        repeatedWrites += 1
        return true
    }
}
