import Models

/// Reads whose statements travel to a server together.
///
/// Code that reads one thing after the other waits for the server each time. Code that says before what it is going to
/// read waits once: the rows are kept until the code reads them as it would have anyway. They are valid as long as the
/// statement would find the same: until the snapshot ends, in a write until its first change, and otherwise until the
/// next statement. So a prefetch changes the time that reads take and nothing else. SQLite answers in microseconds and
/// needs none.
public struct Prefetch {
    fileprivate init() {}

    /// Adds the first statement that `read` runs. It runs no further now.
    public func add(_ read: () throws -> Void) {
        // What is thrown is `Collected`, or an error that the read throws again when it runs for real.
        try? read()
    }

    /// Ends a read whose statement was added.
    struct Collected: Error {}

    /// A read that is known in advance.
    struct Read {
        let sql: SQL
        let limit: Int
        /// Whether it is a transaction of its own.
        let isSeparate: Bool
        let rows = CopiedRows()

        func isOf(_ sql: SQL, isSeparate: Bool) -> Bool {
            self.isSeparate == isSeparate && self.sql.pieces == sql.pieces && self.sql.values == sql.values
        }
    }
}

extension Database {
    /// Sends the statements of several reads together.
    ///
    /// - Parameter list: adds the reads. It is not called on SQLite.
    @inline(__always)
    func prefetch(_ list: (Prefetch) -> Void) throws {
        guard case .postgres(let engine) = engine else { return }
        try engine.prefetch { list(Prefetch()) }
    }
}

extension Store {
    /// Sends the statements of several reads together.
    ///
    /// - Parameter list: adds the reads. It is not called on SQLite.
    public func prefetch(_ list: (Prefetch) -> Void) throws { try database.prefetch(list) }

    /// How often this process has waited for the server; 0 with SQLite.
    public var roundTrips: Int {
        guard case .postgres(let engine) = database.engine else { return 0 }
        return engine.connection.roundTrips
    }
}
