import Wire

/// Something with an identifier. The prefix distinguishes the kinds.
public protocol Identified: SendableMetatype {
    static var idPrefix: StaticString { get }
}

/// An opaque identifier: the kind's prefix, then a ULID (26 characters of Crockford's base 32, of which the first ten
/// are the time of creation). Identifiers therefore sort by age. https://github.com/ulid/spec
public struct Identifier<Entity: Identified>: Hashable, Sendable {
    /// The part after the prefix.
    private let ulid: ULID

    private init(_ ulid: ULID) { self.ulid = ulid }

    /// Nil unless `text` has the prefix and the form of this kind.
    public init?(_ text: String) {
        var text = text
        guard let ulid = text.withUTF8({ Self.ulid(in: $0) }) else { return nil }
        self.ulid = ulid
    }

    /// For text that is known to be an identifier, such as a database column. Anything else reads as zeros.
    public init(stored text: UnsafeBufferPointer<UInt8>) {
        let prefix = Entity.idPrefix.utf8CodeUnitCount
        guard let start = text.baseAddress, text.count == prefix + ULID.length else {
            ulid = .zero
            return
        }
        ulid = ULID(unchecked: start + prefix)
    }

    /// A new one.
    public static func new(at time: Timestamp = .now()) -> Identifier { Identifier(ULID.next(at: time)) }

    /// The example in the documentation.
    static var example: Identifier { Identifier(ULID(staticText: "01JD8Q3W5X7Y9Z1A3B5C7D9E0F")) }

    public var text: String { "\(Entity.idPrefix)\(ulid.text)" }

    /// The text without its prefix.
    public var bareText: String { ulid.text }

    public var createdAt: Timestamp { ulid.time }

    /// The 128 bits of its ULID, which sort as its text does.
    public var bits: (high: UInt64, low: UInt64) { ulid.bits }

    public init(bits: (high: UInt64, low: UInt64)) { ulid = ULID(bits: bits) }

    private static func ulid(in text: UnsafeBufferPointer<UInt8>) -> ULID? {
        let prefix = UnsafeBufferPointer(start: Entity.idPrefix.utf8Start, count: Entity.idPrefix.utf8CodeUnitCount)
        guard text.count == prefix.count + ULID.length, text.starts(with: prefix) else { return nil }
        return ULID(UnsafeBufferPointer(rebasing: text[prefix.count...]))
    }
}

extension Identifier: CustomStringConvertible {
    public var description: String { text }
}

extension Identifier: JSONRepresentable {
    public static var schema: JSON {
        ["type": "string", "pattern": .string("^\(Entity.idPrefix)[0-7][0-9A-HJKMNP-TV-Z]{25}$")]
    }
    public func write(to writer: inout JSONWriter) {
        let prefixLength = Entity.idPrefix.utf8CodeUnitCount
        writer.value(plainLength: prefixLength + ULID.length) { target in
            target.update(from: Entity.idPrefix.utf8Start, count: prefixLength)
            ulid.write(at: target + prefixLength)
        }
    }
}

extension ValueType {
    /// A field that holds an identifier of this kind.
    public static func id<Entity: Identified>(_: Entity.Type) -> ValueType
    where Value == Identifier<Entity> {
        let parseText: @Sendable (String) throws(Invalid) -> Identifier<Entity> = { text throws(Invalid) in
            guard let id = Identifier<Entity>(text) else { throw Invalid("is not an identifier") }
            return id
        }
        return ValueType(
            schema: { Identifier<Entity>.schema },
            example: Identifier<Entity>.example,
            parse: { json throws(Invalid) in try parseText(json.string ?? "") },
            parseText: parseText)
    }
}
