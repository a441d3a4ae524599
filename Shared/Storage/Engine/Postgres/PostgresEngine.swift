import Glibc
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
        if mode == nil { try replaceIfEnded() }
        let statement = prepared(sql)
        var hasRows = false
        func send() throws -> Int {
            try connection.run(
                statement, rowLimit: limit, bind: { try Self.bind(sql.values, to: $0) },
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
            // After a failover, the name of the server may mean another one.
            if error.suggestsOtherSchema || error.isReadOnly { isUnusable = true }
            if mode != nil { failure = failure ?? error }
            throw error.apiError
        }
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
        do throws(PostgresError) {
            try connection.script(text)
        } catch {
            if mode != nil { failure = failure ?? error }
            throw error.apiError
        }
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

    private static func bind(_ values: [SQLValue], to parameters: PostgresParameters) throws {
        for value in values {
            switch value {
            case .null(.bool): parameters.appendNull(of: .bool)
            case .null(.integer): parameters.appendNull(of: .integer)
            case .null(.real): parameters.appendNull(of: .real)
            case .null(.text): parameters.appendNull(of: .text)
            case .null(.blob): parameters.appendNull(of: .blob)
            case .bool(let value): parameters.append(value)
            case .integer(let value): parameters.append(value)
            case .real(let value): parameters.append(value)
            case .blob(let bytes): parameters.append(blob: bytes)
            case .text(var text):
                try text.withUTF8 { bytes in
                    if let start = bytes.baseAddress, memchr(start, 0, bytes.count) != nil {
                        throw APIError.unstorableText(cause: "a text contains U+0000")
                    }
                    parameters.append(text: bytes)
                }
            }
        }
    }

    // MARK: Transactions

    /// Begins a transaction that only reads. It sees the state at its first statement, and sends nothing before that.
    func beginSnapshot() throws { try begin(.readOnly) }

    func endSnapshot() {
        mode = nil
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
        if found.count > 0, !found[0].isNull(at: 1) { mark = String(decoding: found[0].bytes(at: 1), as: UTF8.self) }
        transferMark = mark
        do {
            try PostgresMigrations.requireUsable(from: found.count > 0 ? Int(found[0].integer(at: 0)) : 0)
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
        (self.mode, hasBegun) = (mode, false)
    }

    /// Commits a write. Throws if one of its statements has failed, even if nobody cared.
    func commit() throws {
        if let failure { throw failure.apiError }
        do throws(PostgresError) { try connection.commit() } catch {
            failure = error
            throw error.apiError
        }
        mode = nil
    }

    func rollBack() {
        mode = nil
        connection.rollBack()
    }

    private static let mostConflicts = 20
    /// The unit of the pause after a conflict, and the most units, in microseconds.
    private static let pause: UInt32 = 500
    private static let mostPauses: UInt32 = 128

    /// Whether a write that has failed and was rolled back may run again, which may find another state: it met another
    /// write, found a key taken that it had not seen, or lost its connection before its COMMIT. Pauses if it met
    /// another write.
    func mayRepeat(_ repetitions: inout Repetitions) -> Bool {
        let mayRepeat = decideToRepeat(&repetitions)
        if mayRepeat { repeatedWrites += 1 }
        return mayRepeat
    }

    /// How often writes have run again since this was set to 0.
    var repeatedWrites = 0

    private func decideToRepeat(_ repetitions: inout Repetitions) -> Bool {
        guard let failure, !failure.isOutcomeUnknown else { return false }
        if failure.mayRunAgain {
            repetitions.conflicts += 1
            guard repetitions.conflicts <= Self.mostConflicts else { return false }
            let longest = Self.pause * min(Self.mostPauses, 1 << UInt32(min(repetitions.conflicts, 16)))
            usleep(UInt32.random(in: 0...longest))
            return true
        }
        if failure.sqlState == "23505" {
            repetitions.duplicates += 1
            return repetitions.duplicates == 1
        }
        if connection.isUnusable, failure.kind != .timeout {
            repetitions.losses += 1
            return repetitions.losses == 1
        }
        return false
    }
}

/// How often a write has run again.
struct Repetitions {
    fileprivate var conflicts = 0
    fileprivate var duplicates = 0
    fileprivate var losses = 0
}
