/// A value that can be written as JSON and has a JSON Schema (draft 2020-12).
public protocol JSONRepresentable: SendableMetatype {
    static var schema: JSON { get }
    func write(to writer: inout JSONWriter)
}

/// A type whose JSON form is a list of named fields, declared once for encoding and for the schema.
public protocol Shaped: JSONRepresentable {
    static var shape: Shape<Self> { get }
}

extension Shaped {
    public static var schema: JSON { shape.schema }
    public func write(to writer: inout JSONWriter) { Self.shape.write(self, to: &writer) }
}

/// The fields of an object, in output order.
public struct Shape<Value>: Sendable {
    public let name: String
    public let fields: [Field]

    public init(_ name: String, _ fields: [Field]) {
        self.name = name
        self.fields = fields
    }

    /// A field: its name, its schema, and how to write it.
    public struct Field: Sendable {
        public let name: StaticString
        let schema: @Sendable () -> JSON
        /// Whether the field is omitted if it has no value.
        public let isOptional: Bool
        let write: @Sendable (Value, inout JSONWriter) -> Void
    }

    public func write(_ value: Value, to writer: inout JSONWriter) {
        writer.beginObject()
        for field in fields { field.write(value, &writer) }
        writer.endObject()
    }

    /// The JSON Schema of the object. Optional fields are omitted if they have no value.
    public var schema: JSON {
        var properties = JSONObject()
        for field in fields { properties[field.name.description] = field.schema() }
        let required = fields.filter { !$0.isOptional }.map { JSON.string($0.name.description) }
        return [
            "title": .string(name), "type": "object", "properties": .object(properties), "required": .array(required),
        ]
    }
}

extension Shape.Field {
    /// A field that always has a value. `schema` overrides the schema of its type.
    public static func field<T: JSONRepresentable>(
        _ name: StaticString, _ about: String = "", example: JSON? = nil,
        schema: @escaping @autoclosure @Sendable () -> JSON = T.schema, _ get: @escaping @Sendable (Value) -> T
    ) -> Self {
        Self(
            name: name, schema: { schema().describing(about, example: example) }, isOptional: false
        ) { value, writer in
            writer.key(name)
            get(value).write(to: &writer)
        }
    }

    /// A field that is omitted if it has no value.
    public static func optional<T: JSONRepresentable>(
        _ name: StaticString, _ about: String = "", example: JSON? = nil,
        _ get: @escaping @Sendable (Value) -> T?
    ) -> Self {
        Self(
            name: name, schema: { T.schema.describing(about, example: example) }, isOptional: true
        ) { value, writer in
            guard let present = get(value) else { return }
            writer.key(name)
            present.write(to: &writer)
        }
    }

    /// A field that is `null` if it has no value.
    public static func nullable<T: JSONRepresentable>(
        _ name: StaticString, _ about: String = "", example: JSON? = nil,
        _ get: @escaping @Sendable (Value) -> T?
    ) -> Self {
        let schema: @Sendable () -> JSON = { T.schema.orNull.describing(about, example: example) }
        return Self(name: name, schema: schema, isOptional: false) { value, writer in
            writer.key(name)
            if let present = get(value) { present.write(to: &writer) } else { writer.null() }
        }
    }
}

extension JSON {
    /// The schema with a description and an example.
    public func describing(_ about: String, example: JSON? = nil) -> JSON {
        guard var object else { return self }
        if !about.isEmpty { object["description"] = .string(about) }
        if let example { object["examples"] = .array([example]) }
        return .object(object)
    }

    /// The schema, extended to allow `null`.
    public var orNull: JSON {
        guard var object, let type = object["type"] else { return ["anyOf": [self, ["type": "null"]]] }
        object["type"] = .array([type, "null"])
        return .object(object)
    }
}

// MARK: Scalars

extension String: JSONRepresentable {
    public static var schema: JSON { ["type": "string"] }
    public func write(to writer: inout JSONWriter) { writer.value(self) }
}
extension Int: JSONRepresentable {
    public static var schema: JSON { ["type": "integer"] }
    public func write(to writer: inout JSONWriter) { writer.value(self) }
}
extension Double: JSONRepresentable {
    public static var schema: JSON { ["type": "number"] }
    public func write(to writer: inout JSONWriter) { writer.value(self) }
}
extension Bool: JSONRepresentable {
    public static var schema: JSON { ["type": "boolean"] }
    public func write(to writer: inout JSONWriter) { writer.value(self) }
}
extension Timestamp: JSONRepresentable {
    public static var schema: JSON {
        ["type": "string", "format": "date-time", "examples": ["2026-11-23T20:45:24.120Z"]]
    }
    public func write(to writer: inout JSONWriter) { writer.value(self) }
}
extension RawJSON: JSONRepresentable {
    public static var schema: JSON { ["type": "object"] }
    public func write(to writer: inout JSONWriter) { writer.value(self) }
}
extension JSON: JSONRepresentable {
    public static var schema: JSON { [:] }
    public func write(to writer: inout JSONWriter) { writer.value(self) }
}
extension Array: JSONRepresentable where Element: JSONRepresentable {
    public static var schema: JSON { ["type": "array", "items": Element.schema] }
    public func write(to writer: inout JSONWriter) {
        writer.beginArray()
        for element in self { element.write(to: &writer) }
        writer.endArray()
    }
}

/// An enumeration that is written as its raw value. Its schema lists all raw values.
public protocol JSONWord: JSONRepresentable, RawRepresentable<String>, CaseIterable {}
extension JSONWord {
    public static var schema: JSON {
        ["type": "string", "enum": .array(allCases.map { .string($0.rawValue) })]
    }
    public func write(to writer: inout JSONWriter) { writer.value(rawValue) }
}
