import Wire

/// Something with an identifier of its own; the prefix tells one kind from another.
public protocol Identified: SendableMetatype {
    static var idPrefix: String { get }
}

/// An opaque identifier: the kind's prefix, then a ULID (26 characters of Crockford's base 32, of
/// which the first ten are the time of creation), so that identifiers sort by age.
/// https://github.com/ulid/spec
public struct Identifier<Entity: Identified>: Hashable, Sendable {
    public let text: String

    /// Nil unless `text` has the prefix and the form of this kind.
    public init?(_ text: String) {
        let prefix = Entity.idPrefix.utf8
        guard text.utf8.count == prefix.count + ULID.length, text.utf8.starts(with: prefix),
            ULID.isValid(text.utf8.dropFirst(prefix.count))
        else { return nil }
        self.text = text
    }

    /// Trusts text that was an identifier before, such as a database column.
    public init(stored text: String) { self.text = text }

    /// A fresh one.
    public static func new(at time: Timestamp = .now()) -> Identifier {
        Identifier(stored: Entity.idPrefix + ULID.make(at: time))
    }
}

extension Identifier: CustomStringConvertible {
    public var description: String { text }
}

extension Identifier: JSONRepresentable {
    public static var schema: JSON {
        ["type": "string", "pattern": .string("^\(Entity.idPrefix)[0-7][0-9A-HJKMNP-TV-Z]{25}$")]
    }
    public func write(to writer: inout JSONWriter) { writer.value(text) }
}

/// Universally unique, lexicographically sortable identifiers.
public enum ULID {
    static let length = 26
    private static let alphabet = Array("0123456789ABCDEFGHJKMNPQRSTVWXYZ".utf8)

    /// The random part of the last one, and its time. A process serves one request at a time, on one
    /// thread, so nothing else looks at it meanwhile.
    nonisolated(unsafe) private static var last: (time: UInt64, high: UInt64, low: UInt64) = (0, 0, 0)

    /// 48 bits of time in milliseconds, then 80 random bits. Within a process, the next one of the
    /// same millisecond is one higher, so that the order of making is the order of sorting.
    public static func make(at time: Timestamp) -> String {
        let milliseconds = UInt64(truncatingIfNeeded: time.milliseconds) & 0xFFFF_FFFF_FFFF
        if last.time == milliseconds {
            let (low, carries) = last.low.addingReportingOverflow(1)
            last = (milliseconds, carries ? (last.high + 1) & 0xFFFF : last.high, low)
        } else {
            var generator = SystemRandomNumberGenerator()
            last = (milliseconds, generator.next() & 0xFFFF, generator.next())
        }
        var (high, low) = (last.high, last.low)
        return String(unsafeUninitializedCapacity: length) { target in
            for index in stride(from: length - 1, through: 10, by: -1) {
                target[index] = alphabet[Int(low & 31)]
                (low, high) = (low >> 5 | (high & 31) << 59, high >> 5)
            }
            for index in 0..<10 { target[index] = alphabet[Int(milliseconds >> UInt64(5 * (9 - index))) & 31] }
            return length
        }
    }

    static func isValid(_ text: Substring.UTF8View) -> Bool {
        guard let first = text.first, first <= UInt8(ascii: "7") else { return false }
        return text.allSatisfy { alphabet.contains($0) }
    }
}

extension ValueType {
    /// An identifier of a kind. As text it need not be well-formed to be looked for.
    public static func id<Entity: Identified>(_: Entity.Type) -> ValueType
    where Value == Identifier<Entity> {
        let parseText: @Sendable (String) throws(Invalid) -> Identifier<Entity> = { text throws(Invalid) in
            guard let id = Identifier<Entity>(text) else { throw Invalid("is not an identifier") }
            return id
        }
        return ValueType(
            schema: { Identifier<Entity>.schema },
            example: Identifier(stored: Entity.idPrefix + "01JD8Q3W5X7Y9Z1A3B5C7D9E0F"),
            parse: { json throws(Invalid) in try parseText(json.string ?? "") },
            parseText: parseText)
    }
}
