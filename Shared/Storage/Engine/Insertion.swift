/// Adding many rows.
extension Database {
    /// The most rows of a statement: a power of 2.
    private static let mostRows = 64

    /// Runs `INSERT INTO … VALUES …` for each item. On PostgreSQL, where every statement takes a round trip, one statement
    /// adds several rows.
    ///
    /// - Parameters:
    ///   - head: the statement up to VALUES.
    ///   - row: the values of an item, in parentheses.
    func insert<T>(_ head: SQL, _ items: [T], _ row: (T) -> SQL) throws {
        guard case .postgres = engine else {
            for item in items { try send("\(head) VALUES \(row(item))") }
            return
        }
        var rest = items[...]
        var count = Self.mostRows
        while !rest.isEmpty {
            // Only powers of 2, so that there are few statements.
            while count > rest.count { count /= 2 }
            let rows = rest.dropFirst().prefix(count - 1).reduce(row(rest[rest.startIndex])) { "\($0), \(row($1))" }
            try send("\(head) VALUES \(rows)")
            rest = rest.dropFirst(count)
        }
    }
}
