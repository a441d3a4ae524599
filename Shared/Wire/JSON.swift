/// Any JSON value (RFC 8259), for open content such as metadata, settings, and envelopes written by hand. Fixed
/// structures are read and written field by field instead.
public enum JSON: Hashable, Sendable {
    case null
    case bool(Bool)
    case int(Int64)
    case double(Double)
    case string(String)
    case array([JSON])
    case object(JSONObject)
}

/// An object's members in order of appearance. Lookup is linear: objects are small, and without hashing, no crafted set
/// of keys can cause collisions.
public struct JSONObject: Hashable, Sendable {
    public struct Member: Hashable, Sendable {
        public var key: String
        public var value: JSON
    }

    public private(set) var members: [Member] = []

    public init() {}
    public init(_ pairs: KeyValuePairs<String, JSON>) {
        members = pairs.map { Member(key: $0.key, value: $0.value) }
    }

    public var isEmpty: Bool { members.isEmpty }

    /// Appends a member without checking for an earlier one of the same name.
    public mutating func append(_ key: String, _ value: JSON) { members.append(Member(key: key, value: value)) }

    /// The last member with that name wins, as in all common parsers.
    public subscript(key: String) -> JSON? {
        get { members.last { $0.key == key }?.value }
        set {
            members.removeAll { $0.key == key }
            if let newValue { append(key, newValue) }
        }
    }

    /// Replaces a member in place, or appends it.
    public mutating func replace(_ key: String, with value: JSON) {
        guard members.contains(where: { $0.key == key }) else { return append(key, value) }
        for index in members.indices where members[index].key == key { members[index].value = value }
    }
}

extension JSON {
    public subscript(key: String) -> JSON? { object?[key] }

    public var object: JSONObject? { if case .object(let object) = self { object } else { nil } }
    public var array: [JSON]? { if case .array(let items) = self { items } else { nil } }
    public var string: String? { if case .string(let text) = self { text } else { nil } }
    public var bool: Bool? { if case .bool(let flag) = self { flag } else { nil } }
    public var isNull: Bool { self == .null }

    /// A whole number, even if it is written as `3.0`.
    public var int: Int? {
        switch self {
        case .int(let number): Int(exactly: number)
        case .double(let number): Int(exactly: number)
        default: nil
        }
    }

    public var double: Double? {
        switch self {
        case .int(let number): Double(number)
        case .double(let number): number
        default: nil
        }
    }

    /// The value as compact text.
    public var text: String {
        var writer = JSONWriter()
        writer.value(self)
        return writer.buffer.text
    }
}

extension JSON: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral, ExpressibleByFloatLiteral,
    ExpressibleByBooleanLiteral, ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral
{
    public init(stringLiteral value: String) { self = .string(value) }
    public init(integerLiteral value: Int64) { self = .int(value) }
    public init(floatLiteral value: Double) { self = .double(value) }
    public init(booleanLiteral value: Bool) { self = .bool(value) }
    public init(arrayLiteral elements: JSON...) { self = .array(elements) }
    public init(dictionaryLiteral elements: (String, JSON)...) {
        var object = JSONObject()
        for (key, value) in elements { object.append(key, value) }
        self = .object(object)
    }
}
