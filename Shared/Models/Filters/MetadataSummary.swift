import Wire

/// Which metadata the documents of a workspace have.
public struct MetadataSummary: Sendable {
    /// How many documents were counted.
    public var documents: Int
    public var keys: [Key]
    /// Whether there are more keys or documents than were counted.
    public var isPartial: Bool

    public init(documents: Int, keys: [Key], isPartial: Bool) {
        self.documents = documents
        self.keys = keys
        self.isPartial = isPartial
    }

    public enum Kind: String, JSONWord, Sendable { case string, number, boolean, date, null, array, object }

    public struct Key: Sendable {
        /// As filters name it: dots lead into nested objects.
        public var key: String
        public var documents: Int
        public var kinds: [KindCount]
        public var values: [ValueCount]
    }

    public struct KindCount: Sendable {
        public var kind: Kind
        public var documents: Int
    }

    public struct ValueCount: Sendable {
        public var value: JSON
        public var documents: Int
    }
}

extension MetadataSummary: Shaped {
    public static let shape = Shape<MetadataSummary>(
        "MetadataKeys",
        [
            .field("documentCount", "The documents that are processed.") { $0.documents },
            .field(
                "keys", "Those that most documents have come first; \(MetadataCounter.Bounds.keys) at most."
            ) { $0.keys },
            .field(
                "partial", "There are more keys or documents than the installation counts, or it took too long."
            ) { $0.isPartial },
        ])
}

extension MetadataSummary.Key: Shaped {
    public static let shape = Shape<MetadataSummary.Key>(
        "MetadataKey",
        [
            .field("key", "As filters name it: dots lead into nested objects.", example: "author.name") { $0.key },
            .field("documentCount", "How many documents have it.") { $0.documents },
            .field("types", "`date`: a text that filters compare as a date.") { $0.kinds },
            .field(
                "values",
                "The most frequent single values, also of lists; at most \(MetadataCounter.Bounds.valuesShown), of at most \(MetadataCounter.Bounds.valueBytes) bytes each."
            ) { $0.values },
        ])
}

extension MetadataSummary.KindCount: Shaped {
    public static let shape = Shape<MetadataSummary.KindCount>(
        "MetadataTypeCount", [.field("type") { $0.kind }, .field("count", "Documents.") { $0.documents }])
}

extension MetadataSummary.ValueCount: Shaped {
    public static let shape = Shape<MetadataSummary.ValueCount>(
        "MetadataValueCount",
        [
            .field("value", schema: ["type": ["string", "number", "boolean", "null"]]) { $0.value },
            .field("count", "Documents.") { $0.documents },
        ])
}
