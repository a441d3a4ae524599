import Models
import Wire

/// The database of an installation: what the stores read and write through, whatever engine keeps it.
///
/// Not shared between threads: a process serves one request at a time.
final class Database {
    /// No protocol: the closures that read rows are generic, and have to be inlined.
    enum Engine {
        case sqlite(SQLiteConnection)
    }

    let engine: Engine
    /// Whether a write is under way.
    @exclusivity(unchecked) var isInTransaction = false
    /// Whether `snapshot` is at work, and whether its transaction is open.
    @exclusivity(unchecked) var isInSnapshot = false
    @exclusivity(unchecked) var hasSnapshot = false
    /// Runs first in every write on behalf of a request. What it throws ends the write.
    var authorization: (() throws -> Void)?
    /// Whether the last write of a request waits for its commit, so that its response can be kept in the same one.
    var defersConclusion = false
    var isConcluding = false
    /// What to do once the current write has ended, with whether it was committed.
    var endings: [(Bool) -> Void] = []

    /// Opens a file of SQLite.
    ///
    /// - Parameters:
    ///   - queue: the path of the file in which writers queue; without one, writers wait in no order.
    ///   - busyTimeout: how long to wait for another process's write, in milliseconds.
    ///   - mayCreate: whether to make the file where there is none.
    init(path: String, queue: String? = nil, busyTimeout: Int32, mayCreate: Bool = true) throws {
        engine = .sqlite(
            try SQLiteConnection(path: path, queue: queue, busyTimeout: busyTimeout, mayCreate: mayCreate))
    }

    /// For what only SQLite has: full-text search, migrations of its files.
    var sqlite: SQLiteConnection {
        switch engine {
        case .sqlite(let connection): connection
        }
    }

    /// Whether anything was changed through this connection.
    var hasWritten: Bool {
        switch engine {
        case .sqlite(let connection): connection.hasWritten
        }
    }

    /// Whether the connection has to be replaced: its database was moved or replaced, or it failed.
    var isUnusable: Bool {
        switch engine {
        case .sqlite(let connection): connection.isUnusable || connection.hasMoved
        }
    }

    /// Throws where the database can only be read.
    func requireWritable() throws {
        switch engine {
        case .sqlite(let connection): try connection.requireWritable()
        }
    }

    // MARK: Reading

    /// Every row, read by `body`. Also for a statement that changes something and returns rows.
    func all<T>(_ sql: SQL, _ body: (inout Row) throws -> T) throws -> [T] {
        if try isWriteOfItsOwn(sql) { return try write { try all(sql, body) } }
        var items: [T] = []
        try eachRow(sql) { row in
            items.append(try body(&row))
            return true
        }
        return items
    }

    /// The first row, if there is one.
    func first<T>(_ sql: SQL, _ body: (inout Row) throws -> T) throws -> T? {
        if try isWriteOfItsOwn(sql) { return try write { try first(sql, body) } }
        var item: T?
        try eachRow(sql) { row in
            item = try body(&row)
            return false
        }
        return item
    }

    /// Every row of `source`, which is what follows FROM.
    func all<T: Record>(from source: SQL, as _: T.Type = T.self) throws -> [T] {
        try all("SELECT \(T.columns) FROM \(source)", Self.record)
    }

    /// The first row of `source`, if there is one.
    func first<T: Record>(from source: SQL, as _: T.Type = T.self) throws -> T? {
        try first("SELECT \(T.columns) FROM \(source)", Self.record)
    }

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

    /// Whether there is a row.
    func exists(_ sql: SQL) throws -> Bool { try first(sql) { _ in true } ?? false }

    private static func record<T: Record>(_ row: inout Row) -> T {
        let record = T(from: &row)
        assert(row.isAtEnd, "\(T.self) reads other columns than it selects")
        return record
    }

    // MARK: Pages

    /// One page of what is FROM `source`, and how many rows that has in all. One statement reads both, so they agree.
    ///
    /// - Parameter counted: as many rows as `source` for less work, where there is such a thing.
    func page<T: Record>(
        from source: SQL, counted: SQL? = nil, order: SQL, _ request: PageRequest
    ) throws -> Page<T> {
        try page(from: source, counted: counted, order: order, request) { (record: T) in record }
    }

    /// The same of records that become other items.
    func page<R: Record, T>(
        from source: SQL, counted: SQL? = nil, order: SQL, _ request: PageRequest, _ item: (R) -> T
    ) throws -> Page<T> {
        try page(R.columns, from: source, counted: counted, order: order, request) { item(Self.record(&$0)) }
    }

    /// The same of any columns, read by `body`.
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
        var total: Int?
        try eachRow("SELECT (\(count)), \(columns) FROM \(rows)") { row in
            total = row.next()
            body(&row)
            return true
        }
        // A page after the last one has no row that says it.
        return try total ?? value(count) ?? 0
    }

    // MARK: Changing

    /// Runs a statement to its end and returns how many rows it changed.
    @discardableResult
    func run(_ sql: SQL) throws -> Int {
        if try isWriteOfItsOwn(sql) { return try write { try execute(sql) } }
        return try execute(sql)
    }

    private func execute(_ sql: SQL) throws -> Int {
        switch engine {
        case .sqlite(let connection): try connection.execute(sql)
        }
    }

    /// Runs several statements without parameters.
    func script(_ text: String) throws {
        switch engine {
        case .sqlite(let connection): try connection.script(text)
        }
    }

    /// Runs a statement unless another process is writing: for changes that may be lost. Neither waits nor fails. Does
    /// nothing within a transaction.
    func runUnlessBusy(_ sql: SQL) {
        guard !isInTransaction, !hasSnapshot else { return }
        switch engine {
        case .sqlite(let connection): connection.executeUnlessBusy(sql)
        }
    }

    /// Runs `body`, in which statements fail once the budget is spent.
    func limit<T>(by budget: SearchBudget, _ body: () throws -> T) rethrows -> T {
        switch engine {
        case .sqlite(let connection): try budget.limit(connection.handle, body)
        }
    }

    // MARK: Parts

    /// Whether a statement changes something outside of a transaction. It becomes a write like any other then:
    /// queued, and authorised.
    private func isWriteOfItsOwn(_ sql: SQL) throws -> Bool {
        if isInTransaction { return false }
        switch engine {
        case .sqlite(let connection): return try !connection.isReadOnly(sql)
        }
    }

    /// Runs a statement, and calls `body` with its rows until it returns false.
    @inline(__always)
    private func eachRow(_ sql: SQL, _ body: (inout Row) throws -> Bool) throws {
        switch engine {
        case .sqlite(let connection):
            let statement = try connection.bind(sql)
            defer { connection.reset(statement) }
            while try connection.step(statement) {
                var row = Row(SQLiteRow(statement: statement))
                guard try body(&row) else { return }
            }
        }
    }
}
