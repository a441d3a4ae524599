import Models
import Wire

extension Fields {
    /// The documents that a search or an answer is limited to.
    public mutating func documentFilter() -> DocumentFilter {
        optional("filters", .documentFilter, "Which documents count.") ?? DocumentFilter()
    }
}
