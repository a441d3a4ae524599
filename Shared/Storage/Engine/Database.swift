import Models
import Wire

/// The database of an installation, through which the stores read and write, whatever the engine.
///
/// Not shared between threads: a process serves one request at a time.
final class Database {
    /// Not a protocol: the closures that read rows are generic and must be inlined.
    enum Engine {
        case sqlite(SQLiteConnection)
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

    /// For SQLite-only features: full-text search, migrations of its files.
    var sqlite: SQLiteConnection {
        switch engine {
        case .sqlite(let connection): connection
        }
    }

    /// Whether this connection has changed anything.
    var hasWritten: Bool {
        switch engine {
        case .sqlite(let connection): connection.hasWritten
        }
    }

    /// Whether the connection must be replaced: its database was moved or replaced, or it failed.
    var isUnusable: Bool {
        switch engine {
        case .sqlite(let connection): connection.isUnusable || connection.hasMoved
        }
    }

    /// Throws if the database is read-only.
    func requireWritable() throws {
        switch engine {
        case .sqlite(let connection): try connection.requireWritable()
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
        try eachRow(sql) { row in
            item = try body(&row)
            return false
        }
        return item
    }

    /// Calls `body` with each row of a statement that only reads, until it returns false.
    func each(_ sql: SQL, _ body: (inout Row) throws -> Bool) throws { try eachRow(sql, body) }

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

    private static func record<T: Record>(_ row: inout Row) -> T {
        let record = T(from: &row)
        assert(row.isAtEnd, "\(T.self) reads other columns than it selects")
        return record
    }

    // MARK: Pages

    /// One page of the rows FROM `source`, and their total. One statement reads both, so they agree.
    ///
    /// - Parameter counted: a source with the same number of rows that is cheaper to count.
    func page<T: Record>(
        from source: SQL, counted: SQL? = nil, order: SQL, _ request: PageRequest
    ) throws -> Page<T> {
        try page(from: source, counted: counted, order: order, request) { (record: T) in record }
    }

    /// The same, for records that are converted to other items.
    func page<R: Record, T>(
        from source: SQL, counted: SQL? = nil, order: SQL, _ request: PageRequest, _ item: (R) -> T
    ) throws -> Page<T> {
        try page(R.columns, from: source, counted: counted, order: order, request) { item(Self.record(&$0)) }
    }

    private func page<T>(
        _ columns: SQL, from source: SQL, counted: SQL? = nil, order: SQL, _ request: PageRequest,
        _ body: (inout Row) -> T
    ) throws -> Page<T> {
        let rows: SQL = "\(source) ORDER BY \(order) LIMIT \(request.limit) OFFSET \(request.offset)"
        var items: [T] = []
        let total = try eachRow(columns, from: rows, counted: counted ?? source) { items.append(body(&$0)) }
        return Page(items: items, total: total, request: request)
    }

    /// The same, for `rows` that are already sorted and limited to the page. They are encoded as JSON while they are
    /// read, without creating models.
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

    /// The expected size of a row, in bytes.
    private static let encodedRowLength = 768

    /// Calls `body` with each row of a page, and returns the total number of rows.
    private func eachRow(_ columns: SQL, from rows: SQL, counted: SQL, _ body: (inout Row) -> Void) throws -> Int {
        let count: SQL = "SELECT count(*) FROM \(counted)"
        var total: Int?
        try eachRow("SELECT (\(count)), \(columns) FROM \(rows)") { row in
            total = row.next()
            body(&row)
            return true
        }
        // A page after the last one has no row to carry the total.
        return try total ?? value(count) ?? 0
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
        }
    }

    /// Runs several statements without parameters.
    func script(_ text: String) throws {
        switch engine {
        case .sqlite(let connection): try connection.script(text)
        }
    }

    /// Runs a statement unless another process is writing, for changes that may be lost. Neither waits nor fails. Does
    /// nothing within a transaction.
    func runUnlessBusy(_ sql: SQL) {
        guard !isInTransaction, !hasSnapshot else { return }
        switch engine {
        case .sqlite(let connection): connection.executeUnlessBusy(sql)
        }
    }

    /// Runs `body`. Statements in it fail once the budget is used up.
    func limit<T>(by budget: SearchBudget, _ body: () throws -> T) rethrows -> T {
        switch engine {
        case .sqlite(let connection): try budget.limit(connection.handle, body)
        }
    }

    // MARK: Parts

    /// Whether a statement makes changes outside a transaction. It then becomes a write like any other: queued and
    /// authorised.
    private func isWriteOfItsOwn(_ sql: SQL) throws -> Bool {
        if isInTransaction { return false }
        switch engine {
        case .sqlite(let connection): return try !connection.isReadOnly(sql)
        }
    }

    /// Runs a statement and calls `body` with its rows until that returns false.
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
