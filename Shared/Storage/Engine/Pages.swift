import Models
import Wire

/// Listings.
extension Database {
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
}
