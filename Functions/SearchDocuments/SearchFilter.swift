import Models
import Storage
import Wire

extension ValueType where Value == PassageIndex.Filter {
    /// Limits a search to some documents.
    static var searchFilter: ValueType {
        .object(example: PassageIndex.Filter()) { members, _ in
            var filter = PassageIndex.Filter()
            filter.documentIds = members.optional("documentIds", .list(of: .id(Document.self), count: 0...100)) ?? []
            filter.types = members.optional("types", .list(of: .oneOf(example: .pdf), count: 0...20)) ?? []
            filter.metadata =
                members.optional(
                    "metadata", .metadataFilter, "Equal, key by key; \(ValueType<JSONObject>.maximumKeys) keys at most."
                )
                ?? [:]
            filter.createdAfter = members.optional("createdAfter", .timestamp)
            filter.createdBefore = members.optional("createdBefore", .timestamp)
            return filter
        }
    }
}

extension ValueType where Value == JSONObject {
    /// Each key adds a condition, and SQLite limits the depth of an expression to a thousand.
    fileprivate static var maximumKeys: Int { 50 }

    fileprivate static var metadataFilter: ValueType {
        object(maxBytes: 4096).map(example: [:]) { metadata throws(Invalid) in
            if metadata.members.count > maximumKeys { throw Invalid("must have at most \(maximumKeys) keys") }
            return metadata
        }
    }
}
