import Wire

/// Counts the keys and values of documents' metadata.
public struct MetadataCounter {
    enum Bounds {
        /// How many keys a summary has.
        static let keys = 200
        /// How many keys are counted, whether shown or not.
        static let countedKeys = 2000
        /// The longest key, in bytes. Longer ones are left out.
        static let keyBytes = 200
        /// How many values of a key a summary has.
        static let valuesShown = 10
        /// How many different values of a key are counted: those that occur first.
        static let countedValues = 1000
        /// How many different values of all keys are counted.
        static let allCountedValues = 50_000
        /// The longest value, in bytes of JSON. Longer ones are left out.
        static let valueBytes = 200
    }

    private var documents = 0
    private var keys: [String: Count] = [:]
    private var valueCount = 0
    private var isPartial = false

    private struct Count {
        var documents = 0
        var kinds: [MetadataSummary.Kind: Int] = [:]
        var values: [JSON: Int] = [:]
    }

    public init() {}

    /// Counts a document.
    ///
    /// - Parameter metadata: JSON text; anything but an object has no keys.
    public mutating func add(_ metadata: UnsafeBufferPointer<UInt8>) {
        documents += 1
        guard let object = (try? JSONReader.parse(metadata))?.object else { return }
        add(object, within: nil)
    }

    private mutating func add(_ object: JSONObject, within path: String?) {
        var seen: Set<String> = []
        for member in object.members.reversed() where seen.insert(member.key).inserted {
            let key = path.map { "\($0).\(member.key)" } ?? member.key
            guard key.utf8.count <= Bounds.keyBytes else { continue }
            if let inner = member.value.object, !inner.isEmpty {
                add(inner, within: key)
            } else {
                add(member.value, of: key)
            }
        }
    }

    private mutating func add(_ value: JSON, of key: String) {
        guard keys[key] != nil || keys.count < Bounds.countedKeys else {
            isPartial = true
            return
        }
        keys[key, default: Count()].documents += 1
        keys[key]?.kinds[Self.kind(of: value), default: 0] += 1
        for single in Set((value.array ?? [value]).map(Self.canonical)) { addSingle(single, of: key) }
    }

    private mutating func addSingle(_ value: JSON, of key: String) {
        switch value {
        case .array, .object: return
        case .string(let text) where text.utf8.count > Bounds.valueBytes: return
        case .string, .bool, .int, .double, .null: break
        }
        guard value.text.utf8.count <= Bounds.valueBytes, let count = keys[key] else { return }
        if count.values[value] == nil {
            guard count.values.count < Bounds.countedValues, valueCount < Bounds.allCountedValues else { return }
            valueCount += 1
        }
        keys[key]?.values[value, default: 0] += 1
    }

    /// Numbers that filters take for equal are one value.
    private static func canonical(_ value: JSON) -> JSON {
        if case .double(let number) = value, let whole = Int64(exactly: number) { return .int(whole) }
        return value
    }

    private static func kind(of value: JSON) -> MetadataSummary.Kind {
        switch value {
        case .null: .null
        case .bool: .boolean
        case .int, .double: .number
        case .string(let text): MetadataDate(text) == nil ? .string : .date
        case .array: .array
        case .object: .object
        }
    }

    /// - Parameter isComplete: whether all documents were counted.
    public func summary(isComplete: Bool) -> MetadataSummary {
        let sorted = keys.sorted { ($1.value.documents, $0.key) < ($0.value.documents, $1.key) }
        let shown = sorted.prefix(Bounds.keys).map { key, count in
            MetadataSummary.Key(
                key: key, documents: count.documents,
                kinds: count.kinds.map { MetadataSummary.KindCount(kind: $0.key, documents: $0.value) }
                    .sorted { ($1.documents, $0.kind.rawValue) < ($0.documents, $1.kind.rawValue) },
                values: Self.mostFrequent(count.values))
        }
        return MetadataSummary(
            documents: documents, keys: shown, isPartial: isPartial || !isComplete || sorted.count > Bounds.keys)
    }

    private static func mostFrequent(_ values: [JSON: Int]) -> [MetadataSummary.ValueCount] {
        values.map { (value: $0.key, text: $0.key.text, documents: $0.value) }
            .sorted { ($1.documents, $0.text) < ($0.documents, $1.text) }
            .prefix(Bounds.valuesShown)
            .map { MetadataSummary.ValueCount(value: $0.value, documents: $0.documents) }
    }
}
