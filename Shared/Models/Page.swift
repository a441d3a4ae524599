import Wire

/// Which part of a listing is wanted.
public struct PageRequest: Sendable {
    /// 1 for the first.
    public var page: Int
    /// How many items a page has, 1 to 100.
    public var limit: Int

    public init(page: Int, limit: Int) {
        self.page = page
        self.limit = limit
    }

    public var offset: Int { (page - 1).multipliedReportingOverflow(by: limit).partialValue }
}

/// One page of a listing.
public struct Page<Item: JSONRepresentable> {
    public let request: PageRequest
    /// Writes the items as an array and returns how many there are in all.
    public let writeItems: (inout JSONWriter) throws -> Int
    /// Whether `writeItems` reads the items, when the answer is sent.
    public let readsWhenWritten: Bool

    public init(items: [Item], total: Int, request: PageRequest) {
        self.request = request
        readsWhenWritten = false
        writeItems = { writer in
            items.write(to: &writer)
            return total
        }
    }

    /// - Parameter writeItems: reads the items while it writes them.
    public init(_ request: PageRequest, reading writeItems: @escaping (inout JSONWriter) throws -> Int) {
        self.request = request
        self.writeItems = writeItems
        readsWhenWritten = true
    }
}
