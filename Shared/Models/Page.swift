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

/// One page of a listing, and how many items there are in all.
public struct Page<Item: JSONRepresentable> {
    /// The items as an array.
    public let writeItems: (inout JSONWriter) -> Void
    public var total: Int
    public var request: PageRequest

    public init(items: [Item], total: Int, request: PageRequest) {
        writeItems = { items.write(to: &$0) }
        self.total = total
        self.request = request
    }

    /// - Parameter rows: as many columns as an item has fields, in the same order.
    public init(rows: StoredRows, total: Int, request: PageRequest) where Item: Shaped {
        writeItems = { rows.write(as: Item.shape, to: &$0) }
        self.total = total
        self.request = request
    }

    public var totalPages: Int { (total + request.limit - 1) / request.limit }
}
