import Wire

/// How clients write a metadata filter: as an expression, or in the short form `{"year": 2024}`, in which every key
/// must equal its value.
///
/// An object is an expression if its `type` is a text and it has `key`, `filters` or `filter`. Metadata that has such
/// keys itself can be matched by an expression.
extension MetadataFilter {
    /// The bounds of a filter.
    public enum Bounds {
        /// The length of its JSON text, in bytes.
        public static let bytes = 4096
        /// How deeply `and`, `or` and `not` may be nested, including the innermost comparison.
        public static let depth = 10
        /// How many comparisons, `and`, `or` and `not` there may be.
        public static let nodes = 100
        /// How many values `in` and `nin` may have.
        public static let values = 100
        /// How many keys the short form may have.
        public static let keys = 50
    }

    private static func isExpression(_ object: JSONObject) -> Bool {
        object["type"]?.string != nil && ["key", "filters", "filter"].contains { object[$0] != nil }
    }

    /// Reads an expression or the short form. The error has the path of the part that is wrong.
    public init(parsing object: JSONObject) throws(Invalid) {
        if Self.isExpression(object) {
            self = try MetadataFilter(parsingExpression: object)
            return
        }
        try Self.requireSize(of: object)
        if object.members.count > Bounds.keys { throw Invalid("must have at most \(Bounds.keys) keys") }
        self = .and(object.members.map { .equal(MetadataKey($0.key), object[$0.key] ?? $0.value) })
    }

    /// Reads an expression, and nothing else.
    init(parsingExpression object: JSONObject) throws(Invalid) {
        try Self.requireSize(of: object)
        var parser = ExpressionParser()
        self = try parser.filter(.object(object), at: "", depth: 1)
    }

    private static func requireSize(of object: JSONObject) throws(Invalid) {
        if JSON.object(object).text.utf8.count > Bounds.bytes {
            throw Invalid("must be at most \(Bounds.bytes) bytes of JSON")
        }
    }
}

extension ValueType where Value == MetadataFilter {
    public static var metadataFilter: ValueType {
        let anyObject = ValueType<JSONObject>.object(maxBytes: MetadataFilter.Bounds.bytes)
        return anyObject.map(
            example: .and([]),
            schema: {
                JSON.object(["type": "object", "additionalProperties": true]).describing(
                    "", example: ["type": "gte", "key": "year", "value": 2024])
            }
        ) { object throws(Invalid) in try MetadataFilter(parsing: object) }
    }
}

/// Reads an expression.
private struct ExpressionParser {
    private var nodes = 0

    private static let operators = MetadataFilter.Comparison.allCases.map(\.rawValue) + ["and", "or", "not"]

    /// - Parameter path: where the expression is within the whole; empty for the whole.
    mutating func filter(_ json: JSON, at path: String, depth: Int) throws(Invalid) -> MetadataFilter {
        typealias Bounds = MetadataFilter.Bounds
        guard let object = json.object else { throw malformed(path, "must be an object") }
        nodes += 1
        if depth > Bounds.depth { throw against(path, "must be nested at most \(Bounds.depth) levels deep") }
        if nodes > Bounds.nodes { throw against("", "must have at most \(Bounds.nodes) conditions") }
        guard let type = object["type"] else { throw malformed(member("type", of: path), "is required") }
        switch type.string {
        case "and": return .and(try filters(of: object, at: path, depth: depth))
        case "or": return .or(try filters(of: object, at: path, depth: depth))
        case "not":
            let place = member("filter", of: path)
            guard let inner = object["filter"] else { throw malformed(place, "is required") }
            return .not(try filter(inner, at: place, depth: depth + 1))
        case let name:
            guard let comparison = name.flatMap(MetadataFilter.Comparison.init) else {
                throw malformed(
                    member("type", of: path), "must be one of \(Self.operators.joined(separator: ", "))")
            }
            guard let key = object["key"]?.string else {
                throw malformed(
                    member("key", of: path), object["key"] == nil ? "is required" : "must be a string")
            }
            return .compare(MetadataKey(key), comparison, try value(of: object, for: comparison, at: path))
        }
    }

    private mutating func filters(
        of object: JSONObject, at path: String, depth: Int
    ) throws(Invalid) -> [MetadataFilter] {
        let place = member("filters", of: path)
        guard let given = object["filters"] else { throw malformed(place, "is required") }
        guard let items = given.array else { throw malformed(place, "must be an array") }
        // No conditions at all could mean everything or nothing.
        if items.isEmpty { throw malformed(place, "must have at least one filter") }
        var filters: [MetadataFilter] = []
        for (index, item) in items.enumerated() {
            filters.append(try filter(item, at: "\(place)[\(index)]", depth: depth + 1))
        }
        return filters
    }

    private func value(
        of object: JSONObject, for comparison: MetadataFilter.Comparison, at path: String
    ) throws(Invalid) -> JSON {
        let place = member("value", of: path)
        guard let value = object["value"] else {
            if comparison == .exists { return .bool(true) }
            throw malformed(place, "is required")
        }
        switch (comparison, value) {
        case (.eq, _), (.ne, _): break
        case (.gt, .int), (.gte, .int), (.lt, .int), (.lte, .int): break
        case (.gt, .double), (.gte, .double), (.lt, .double), (.lte, .double): break
        case (.gt, .string), (.gte, .string), (.lt, .string), (.lte, .string): break
        case (.gt, _), (.gte, _), (.lt, _), (.lte, _): throw malformed(place, "must be a number or a string")
        case (.in, .array(let items)), (.nin, .array(let items)):
            if items.count > MetadataFilter.Bounds.values {
                throw against(place, "must have at most \(MetadataFilter.Bounds.values) values")
            }
        case (.in, _), (.nin, _): throw malformed(place, "must be an array")
        case (.contains, .array), (.contains, .object): throw malformed(place, "must be a single value")
        case (.contains, _): break
        case (.exists, .bool): break
        case (.exists, _): throw malformed(place, "must be true or false")
        }
        return value
    }

    // MARK: Errors

    private func member(_ name: String, of path: String) -> String { path.isEmpty ? name : "\(path).\(name)" }

    private func malformed(_ path: String, _ reason: String) -> Invalid {
        Invalid([.init(path: path, reason: reason)], isMalformed: true)
    }

    /// For a well-formed expression that exceeds a bound.
    private func against(_ path: String, _ reason: String) -> Invalid { Invalid([.init(path: path, reason: reason)]) }
}
