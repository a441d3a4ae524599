import Wire

/// Which documents a search or an answer uses. Every condition must hold; nil is no condition, and an empty list
/// matches nothing.
public struct DocumentFilter: Sendable {
    public var documentIds: [Document.ID]?
    public var types: [DocumentType]?
    public var metadata: [MetadataFilter] = []
    /// Later than this.
    public var createdAfter: Timestamp?
    /// Earlier than this.
    public var createdBefore: Timestamp?

    public init() {}

    /// Whether every document matches.
    public var isEmpty: Bool {
        documentIds == nil && types == nil && metadata.isEmpty && createdAfter == nil && createdBefore == nil
    }

    /// Adds the condition that a document is one of these; nil adds none.
    public mutating func limit(to ids: [Document.ID]?) {
        guard let ids else { return }
        documentIds = documentIds.map { earlier in earlier.filter(ids.contains) } ?? ids
    }
}

extension ValueType where Value == [Document.ID] {
    /// The documents to which a search or an answer is limited.
    public static var documentIds: ValueType { .list(of: .id(Document.self), count: 0...100) }
}

extension ValueType where Value == DocumentFilter {
    public static var documentFilter: ValueType {
        let members = ValueType.object(example: DocumentFilter()) { members, _ in
            var filter = DocumentFilter()
            filter.documentIds = members.optional("documentIds", .documentIds, "An empty list matches nothing.")
            filter.types = members.optional(
                "types", .list(of: .oneOf(example: .pdf), count: 0...20), "An empty list matches nothing.")
            if let metadata = members.optional("metadata", .metadataFilter, DocumentFilter.aboutMetadata) {
                filter.metadata = [metadata]
            }
            filter.createdAfter = members.optional("createdAfter", .timestamp)
            filter.createdBefore = members.optional("createdBefore", .timestamp)
            return filter
        }
        return ValueType(
            schema: members.schema, example: members.example,
            parse: { json throws(Invalid) in
                var filter = try members.parse(json)
                // Clients of OpenAI put the expression here. One that lacks something is an error: without it, everything
                // would match.
                let expression = json.object.map(DocumentFilter.expression) ?? JSONObject()
                if expression.members.contains(where: { $0.value != .null }) {
                    filter.metadata.append(try MetadataFilter(parsingExpression: expression))
                }
                return filter
            },
            parseText: members.parseText)
    }
}

extension DocumentFilter {
    fileprivate static func expression(in object: JSONObject) -> JSONObject {
        var expression = JSONObject()
        for name in ["type", "key", "value", "filters", "filter"] {
            if let value = object[name] { expression.append(name, value) }
        }
        return expression
    }

    fileprivate static var aboutMetadata: String {
        typealias Bounds = MetadataFilter.Bounds
        return """
            A comparison of a `key` with a `value` (`type`: eq, ne, gt, gte, lt, lte, in, nin, contains, exists), or \
            several: {"type": "and", "filters": […]}, or, {"type": "not", "filter": …}. May also stand in place of \
            the whole filter. Dots in a key lead into nested objects. Dates compare as points in time, numbers as \
            numbers, texts by code points. A list matches if one of its values does; `contains` finds a value in a \
            list, or a part of a text. `ne`, `nin` and `not` also match documents without the key; `exists` asks for \
            the key, whatever its value, and an empty `in` matches nothing. In the short form {"year": 2024}, every \
            key equals its value as a whole. At most \(Bounds.bytes) bytes, \(Bounds.nodes) \
            conditions, \(Bounds.depth) levels, \(Bounds.values) values in a list, \(Bounds.keys) keys in the short \
            form.
            """
    }
}
