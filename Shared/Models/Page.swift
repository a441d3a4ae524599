import Wire

/// The requested part of a listing.
public struct PageRequest: Sendable {
    /// 1 for the first page.
    public var page: Int
    /// Items per page, 1 to 100.
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
    /// The number of items in the whole listing.
    public let total: Int
    private let items: Items

    private enum Items {
        case models([Item])
        case encoded(EncodedJSON)
    }

    public init(items: [Item], total: Int, request: PageRequest) {
        (self.items, self.total, self.request) = (.models(items), total, request)
    }

    /// - Parameter items: an array of items, as JSON.
    public init(encoded items: EncodedJSON, total: Int, request: PageRequest) {
        (self.items, self.total, self.request) = (.encoded(items), total, request)
    }

    /// The same page with other items in the places of these; unless they are encoded already.
    public func mapping(_ body: ([Item]) throws -> [Item]) rethrows -> Page {
        guard case .models(let models) = items else { return self }
        return Page(items: try body(models), total: total, request: request)
    }

    /// Writes the items as an array.
    public func writeItems(to writer: inout JSONWriter) {
        switch items {
        case .models(let items): items.write(to: &writer)
        case .encoded(let items): writer.value(items)
        }
    }
}
