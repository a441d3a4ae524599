import Wire

/// A condition on the metadata of documents, in the grammar of OpenAI's file search.
/// https://platform.openai.com/docs/guides/retrieval#attribute-filtering
public indirect enum MetadataFilter: Equatable, Sendable {
    /// Every condition holds.
    case and([MetadataFilter])
    /// At least one condition holds.
    case or([MetadataFilter])
    case not(MetadataFilter)
    /// A key compares like this with a value. For `in` and `nin`, the value is an array.
    case compare(MetadataKey, Comparison, JSON)
    /// A key equals a value as a whole: the short form.
    case equal(MetadataKey, JSON)

    public enum Comparison: String, CaseIterable, Sendable {
        case eq, ne, gt, gte, lt, lte, `in`, nin, contains, exists
    }

    /// Whether a document with this metadata matches.
    public func matches(_ metadata: JSONObject) -> Bool {
        switch self {
        case .and(let filters): filters.allSatisfy { $0.matches(metadata) }
        case .or(let filters): filters.contains { $0.matches(metadata) }
        case .not(let filter): !filter.matches(metadata)
        case .equal(let key, let value): key.value(in: metadata).map { MetadataValue.equal($0, value) } ?? false
        case .compare(let key, let comparison, let value):
            Self.matches(key.value(in: metadata), comparison, value)
        }
    }

    /// - Parameter found: nil if the document lacks the key. The opposites `ne` and `nin` then hold.
    private static func matches(_ found: JSON?, _ comparison: Comparison, _ value: JSON) -> Bool {
        switch comparison {
        case .exists: return (found != nil) == (value.bool ?? true)
        case .ne: return !matches(found, .eq, value)
        case .nin: return !matches(found, .in, value)
        case .eq, .gt, .gte, .lt, .lte, .in, .contains: break
        }
        guard let found else { return false }
        switch comparison {
        case .contains:
            if let items = found.array { return items.contains { MetadataValue.equal($0, value) } }
            return MetadataValue.contains(found, value)
        case .in:
            return value.array?.contains { matches(found, .eq, $0) } ?? false
        case .eq where MetadataValue.equal(found, value):
            return true
        default:
            // A list matches if one of its values does.
            guard let items = found.array else { return MetadataValue.matches(found, comparison, value) }
            return items.contains { MetadataValue.matches($0, comparison, value) }
        }
    }

    /// Every key that the filter reads.
    var keys: [MetadataKey] {
        switch self {
        case .and(let filters), .or(let filters): filters.flatMap(\.keys)
        case .not(let filter): filter.keys
        case .compare(let key, _, _), .equal(let key, _): [key]
        }
    }
}

/// The name of a value in metadata. Dots lead into nested objects, unless the object has a key with dots in it.
public struct MetadataKey: Equatable, Sendable {
    public let text: String
    /// The first key of the path; nil without dots.
    let head: String?
    private let rest: Rest?

    private final class Rest: Equatable, Sendable {
        let key: MetadataKey
        init(_ key: MetadataKey) { self.key = key }
        static func == (left: Rest, right: Rest) -> Bool { left.key == right.key }
    }

    public init(_ text: String) {
        self.text = text
        let bytes = text.utf8
        guard let dot = bytes.firstIndex(of: UInt8(ascii: ".")) else {
            (head, rest) = (nil, nil)
            return
        }
        head = String(text[..<dot])
        rest = Rest(MetadataKey(String(text[bytes.index(after: dot)...])))
    }

    /// Nil if the metadata has no such key.
    public func value(in object: JSONObject) -> JSON? {
        if let value = object[text] { return value }
        guard let head, let rest, let inner = object[head]?.object else { return nil }
        return rest.key.value(in: inner)
    }
}
