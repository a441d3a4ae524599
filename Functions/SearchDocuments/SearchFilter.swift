import Models
import Storage
import Wire

extension ValueType where Value == PassageIndex.Filter {
    /// Each key is a condition of its own: SQLite takes a thousand parts of an expression at most.
    private static var maximumKeys: Int { 50 }

    /// Which documents a search is narrowed down to.
    static var searchFilter: ValueType {
        let documentIds = ValueType<[Document.ID]>.list(of: .id(Document.self), count: 0...100)
        let types = ValueType<[DocumentType]>.list(of: .oneOf(example: .pdf), count: 0...20)
        let metadata = ValueType<JSONObject>.object(maxBytes: 4096)
        let time = ValueType<Timestamp>.timestamp
        return ValueType(
            schema: {
                [
                    "type": "object",
                    "properties": [
                        "documentIds": documentIds.schema().orNull, "types": types.schema().orNull,
                        "metadata": metadata.schema().orNull.describing(
                            "Equal, key by key; \(maximumKeys) keys at most."),
                        "createdAfter": time.schema().orNull, "createdBefore": time.schema().orNull,
                    ],
                ]
            },
            example: PassageIndex.Filter(),
            parse: { json throws(Invalid) in
                guard let object = json.object else { throw Invalid("must be an object") }
                var filter = PassageIndex.Filter()
                var errors: [(path: String, reason: String)] = []
                func take<V>(_ name: String, _ type: ValueType<V>, _ assign: (V) -> Void) {
                    guard let value = object[name], !value.isNull else { return }
                    do throws(Invalid) {
                        assign(try type.parse(value))
                    } catch {
                        errors += error.parts.map { (name, $0.reason) }
                    }
                }
                take("documentIds", documentIds) { filter.documentIds = $0 }
                take("types", types) { filter.types = $0 }
                take("metadata", metadata) { filter.metadata = $0 }
                if filter.metadata.members.count > maximumKeys {
                    errors.append(("metadata", "must have at most \(maximumKeys) keys"))
                }
                take("createdAfter", time) { filter.createdAfter = $0 }
                take("createdBefore", time) { filter.createdBefore = $0 }
                if !errors.isEmpty { throw Invalid(members: errors) }
                return filter
            },
            parseText: { _ throws(Invalid) in throw Invalid("must be an object") })
    }
}
