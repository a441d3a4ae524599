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
public struct Page<Item> {
    public var items: [Item]
    public var total: Int
    public var request: PageRequest

    public init(items: [Item], total: Int, request: PageRequest) {
        self.items = items
        self.total = total
        self.request = request
    }

    public var totalPages: Int { (total + request.limit - 1) / request.limit }
}
extension Page: Sendable where Item: Sendable {}
