/// The members of a nested object. The closure that reads them also describes them, so it must read the same members in
/// every run.
public struct Members {
    /// Nil while the schema is collected.
    private let object: JSONObject?
    fileprivate var properties = JSONObject()
    fileprivate var errors: [Invalid.Part] = []
    fileprivate var isMalformed = false

    fileprivate init() { object = nil }

    /// Reads an object.
    public init(of object: JSONObject) { self.object = object }

    /// A member that may be absent or null.
    public mutating func optional<V>(_ name: String, _ type: ValueType<V>, _ about: String = "") -> V? {
        guard let object else {
            properties[name] = type.schema().orNull.describing(about)
            return nil
        }
        guard let value = object[name], !value.isNull else { return nil }
        do throws(Invalid) {
            return try type.parse(value)
        } catch {
            errors += error.parts.map { Invalid.Part(path: $0.path(within: name), reason: $0.reason) }
            isMalformed = isMalformed || error.isMalformed
            return nil
        }
    }
}

extension ValueType {
    /// An object with known members, all optional.
    ///
    /// - Parameter read: creates the value from its members and the object itself.
    public static func object(
        title: String? = nil, example: Value, _ read: @escaping @Sendable (inout Members, JSONObject) -> Value
    ) -> ValueType {
        let parse: @Sendable (JSON) throws(Invalid) -> Value = { json throws(Invalid) in
            guard let object = json.object else { throw Invalid("must be an object") }
            var members = Members(of: object)
            let value = read(&members, object)
            if !members.errors.isEmpty { throw Invalid(members.errors, isMalformed: members.isMalformed) }
            return value
        }
        return ValueType(
            schema: {
                var members = Members()
                _ = read(&members, [:])
                var schema = JSONObject()
                if let title { schema["title"] = .string(title) }
                schema["type"] = "object"
                schema["properties"] = .object(members.properties)
                return .object(schema)
            },
            example: example, parse: parse,
            parseText: { text throws(Invalid) in try parse((try? JSONReader.parse(text)) ?? .null) })
    }
}

extension ValueType where Value == JSONObject {
    /// Any object, with a limit on the length of its JSON text.
    public static func object(maxBytes: Int) -> ValueType {
        let parse: @Sendable (JSON) throws(Invalid) -> JSONObject = { json throws(Invalid) in
            guard let object = json.object else { throw Invalid("must be an object") }
            if json.text.utf8.count > maxBytes { throw Invalid("must be at most \(maxBytes) bytes of JSON") }
            return object
        }
        return ValueType(
            schema: { ["type": "object", "additionalProperties": true] }, example: [:], parse: parse,
            parseText: { text throws(Invalid) in
                guard let json = try? JSONReader.parse(text) else { throw Invalid("must be a JSON object") }
                return try parse(json)
            })
    }
}

extension JSONObject: ExpressibleByDictionaryLiteral {
    public init(dictionaryLiteral elements: (String, JSON)...) {
        self.init()
        for (key, value) in elements { append(key, value) }
    }
}
