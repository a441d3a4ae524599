import Wire

/// A file that was uploaded to a workspace.
public struct Document: Identified, Sendable {
    public typealias ID = Identifier<Document>
    public static let idPrefix: StaticString = "doc_"

    /// `processed`: search finds it.
    public enum Status: String, JSONWord, Sendable { case processing, processed, failed }

    public var id: ID
    public var workspaceId: Workspace.ID
    public var name: String
    public var type: DocumentType
    public var mimeType: String
    /// In bytes.
    public var size: Int
    /// SHA-256 of the uploaded bytes, in 64 hexadecimal digits.
    public var sha256: String
    public var status: Status
    /// Why processing failed, or why its passages have no vectors.
    public var error: String?
    public var embedding: EmbeddingProgress
    public var chunkCount: Int
    public var wordCount: Int
    /// The encoding of the file, as the IANA name in lower case; nil for formats that are not text.
    public var encoding: String?
    /// The language of the text, as its ISO 639-1 code: what the uploader stated, or what was detected. Nil if unknown.
    public var language: String?
    public var warnings: DocumentWarnings
    public var metadata: RawJSON
    public var uploadedBy: User.ID
    public var createdAt: Timestamp
    public var updatedAt: Timestamp

    public init(
        id: ID, workspaceId: Workspace.ID, name: String, type: DocumentType, mimeType: String, size: Int,
        sha256: String, status: Status, error: String?, embedding: EmbeddingProgress = .off, chunkCount: Int,
        wordCount: Int,
        encoding: String? = nil, language: String? = nil, warnings: DocumentWarnings = .none, metadata: RawJSON,
        uploadedBy: User.ID, createdAt: Timestamp, updatedAt: Timestamp
    ) {
        self.id = id
        self.workspaceId = workspaceId
        self.name = name
        self.type = type
        self.mimeType = mimeType
        self.size = size
        self.sha256 = sha256
        self.status = status
        self.error = error
        self.embedding = embedding
        self.chunkCount = chunkCount
        self.wordCount = wordCount
        self.encoding = encoding
        self.language = language
        self.warnings = warnings
        self.metadata = metadata
        self.uploadedBy = uploadedBy
        self.createdAt = createdAt
        self.updatedAt = updatedAt
    }
}

extension Document: Shaped {
    public static let shape = Shape<Document>(
        "Document",
        [
            .field("id") { $0.id },
            .field("workspaceId") { $0.workspaceId },
            .field("name", example: "handbook.md") { $0.name },
            .field("type") { $0.type },
            .field("mimeType", example: "text/markdown") { $0.mimeType },
            .field("size", "In bytes.") { $0.size },
            .field("sha256", "Of the uploaded bytes.") { $0.sha256 },
            .field("status", "`processed`: search finds it.") { $0.status },
            .optional("error", "Why processing or embedding failed.") { $0.error },
            .field("embedding", "How far search by meaning can find it. Keyword search does not wait for that.") {
                $0.embedding
            },
            .field("chunkCount") { $0.chunkCount },
            .field("wordCount") { $0.wordCount },
            .optional("encoding", "Of text files: how the file was decoded, as an IANA name.", example: "windows-1251")
            {
                $0.encoding
            },
            .optional("language", "Of the text, as its ISO 639-1 code: as stated, or as detected.", example: "de") {
                $0.language
            },
            .field("warnings", "What is missing from the text; empty if nothing is.") { $0.warnings },
            .field(
                "metadata", "The uploader's own key-value pairs, and as `frontMatter` those that a file begins with."
            ) { $0.metadata },
            .field("uploadedBy") { $0.uploadedBy },
            .field("createdAt") { $0.createdAt },
            .field("updatedAt") { $0.updatedAt },
        ])
}

/// The progress of making vectors of a document's passages, which search by meaning compares.
public struct EmbeddingProgress: Equatable, Sendable {
    /// `off`: the installation has no embedding model, or the document could not be read.
    public enum Status: String, JSONWord, Sendable { case pending, done, failed, off }

    public var status: Status
    /// In passages.
    public var done: Int
    public var total: Int
    /// How long the rest will take, if that is known.
    public var estimatedSeconds: Int?

    public init(status: Status, done: Int, total: Int, estimatedSeconds: Int? = nil) {
        (self.status, self.done, self.total) = (status, done, total)
        self.estimatedSeconds = estimatedSeconds
    }

    public static let off = EmbeddingProgress(status: .off, done: 0, total: 0)
}

extension EmbeddingProgress: Shaped {
    public static let shape = Shape<EmbeddingProgress>(
        "EmbeddingProgress",
        [
            .field("status", "`off`: the installation has no embedding model, or the document could not be read.") {
                $0.status
            },
            .field("done", "The passages that have a vector.") { $0.done },
            .field("total", "All passages.") { $0.total },
            .optional("estimatedSeconds", "Estimated seconds until all passages have vectors.") { $0.estimatedSeconds },
        ])
}

extension DocumentType: JSONWord {}

extension Document {
    /// The maximum size of a document's metadata in bytes of JSON.
    public static let maximumMetadata = 16_384
}

extension ValueType where Value == JSONObject {
    /// A document's metadata: the uploader's key-value pairs. NUL is refused because a filter would end at it.
    public static var documentMetadata: ValueType {
        object(maxBytes: Document.maximumMetadata).map(example: [:]) { metadata throws(Invalid) in
            if JSON.object(metadata).containsNUL { throw Invalid("must not contain NUL") }
            return metadata
        }
    }
}

extension JSON {
    /// Whether a key or a text has the character U+0000.
    fileprivate var containsNUL: Bool {
        switch self {
        case .string(let text): text.utf8.contains(0)
        case .array(let items): items.contains(where: \.containsNUL)
        case .object(let object): object.members.contains { $0.key.utf8.contains(0) || $0.value.containsNUL }
        case .null, .bool, .int, .double: false
        }
    }
}
