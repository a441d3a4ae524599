import Language
import Models
import Wire

/// Documents and their passages.
public struct DocumentStore {
    let database: Database
    let passages: PassageIndex

    private static let columns: SQL = """
        id, workspace_id, name, type, mime_type, size, sha256, status, error, chunk_count, word_count, metadata,
        uploaded_by, created_at, updated_at
        """

    public func find(_ id: Document.ID, in workspace: Workspace.ID) throws -> Document? {
        try database.first(
            "SELECT \(Self.columns) FROM documents WHERE id = \(id) AND workspace_id = \(workspace)"
        ) { Document(from: &$0) }
    }

    /// The document of that workspace that has these bytes, be it still processing or failed.
    public func find(sha256: String, in workspace: Workspace.ID) throws -> Document? {
        try database.first(
            "SELECT \(Self.columns) FROM documents WHERE workspace_id = \(workspace) AND sha256 = \(sha256)"
        ) { Document(from: &$0) }
    }

    /// What a listing is narrowed down to.
    public struct Filter: Sendable {
        public var search: String?
        public var type: DocumentType?
        public var status: Document.Status?

        public init(search: String? = nil, type: DocumentType? = nil, status: Document.Status? = nil) {
            self.search = search
            self.type = type
            self.status = status
        }
    }

    /// The newest first.
    public func list(in workspace: Workspace.ID, filter: Filter, page: PageRequest) throws -> Page<Document> {
        var condition: SQL = "workspace_id = \(workspace)"
        if let search = filter.search {
            condition = "\(condition) AND search_key LIKE \(likePattern(containing: search)) ESCAPE '\\'"
        }
        if let type = filter.type { condition = "\(condition) AND type = \(type)" }
        if let status = filter.status { condition = "\(condition) AND status = \(status)" }
        return try database.page(Self.columns, from: "documents WHERE \(condition)", order: "id DESC", page) {
            Document(from: &$0)
        }
    }

    /// Changes what is given and leaves the rest.
    public func update(
        _ id: Document.ID, in workspace: Workspace.ID, name: String?, metadata: JSONObject?, at now: Timestamp
    ) throws -> Document {
        try database.write {
            guard var document = try find(id, in: workspace) else { throw APIError.notFound("Document") }
            document.name = name ?? document.name
            document.metadata = metadata.map { RawJSON(.object($0)) } ?? document.metadata
            document.updatedAt = now
            try database.run(
                """
                UPDATE documents SET name = \(document.name), search_key = \(SearchKey.of(document.name)),
                    metadata = \(document.metadata), updated_at = \(now)
                WHERE id = \(id)
                """)
            return document
        }
    }
}

extension Document {
    fileprivate init(from row: inout Row) {
        self.init(
            id: row.next(), workspaceId: row.next(), name: row.next(), type: row.next(), mimeType: row.next(),
            size: row.next(), sha256: row.next(), status: row.next(), error: row.next(), chunkCount: row.next(),
            wordCount: row.next(), metadata: row.next(), uploadedBy: row.next(), createdAt: row.next(),
            updatedAt: row.next())
    }
}
