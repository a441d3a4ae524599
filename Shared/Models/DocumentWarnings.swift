import Wire

/// What a reader could not take over from a file into the document's text.
public struct ExtractionWarnings: Equatable, Sendable {
    /// The maximum number of entries of each kind that a document lists.
    static let maximumCount = 1_000

    /// From 1.
    public var pagesWithoutText: [Int]
    /// In words, for the person who uploaded the file.
    public var skippedParts: [String]

    public init(pagesWithoutText: [Int] = [], skippedParts: [String] = []) {
        self.pagesWithoutText = pagesWithoutText
        self.skippedParts = skippedParts
    }
}

extension ExtractionWarnings: Shaped {
    public static let shape = Shape<ExtractionWarnings>(
        "DocumentWarnings",
        [
            .optional(
                "pagesWithoutText", "The pages, from 1, on which there is no text, such as scanned ones.",
                example: [2, 3]
            ) { Self.listed($0.pagesWithoutText) },
            .optional("skippedParts", "What was left out, in words.") { Self.listed($0.skippedParts) },
        ])

    private static func listed<T>(_ entries: [T]) -> [T]? {
        entries.isEmpty ? nil : Array(entries.prefix(maximumCount))
    }
}

/// A document's warnings as JSON. They are written once, when the file is read.
public struct DocumentWarnings: Sendable {
    public let json: RawJSON

    public static let none = DocumentWarnings(ExtractionWarnings())

    public init(_ warnings: ExtractionWarnings) {
        var writer = JSONWriter()
        warnings.write(to: &writer)
        json = RawJSON(stored: writer.buffer.text)
    }

    public init(stored json: RawJSON) { self.json = json }
}

extension DocumentWarnings: JSONRepresentable {
    public static var schema: JSON { ExtractionWarnings.schema }
    public func write(to writer: inout JSONWriter) { writer.value(json) }
}
