import Language
import Models
import Wire

/// Documents and their passages.
public struct DocumentStore {
    let database: Database
    let passages: PassageIndex

    public func find(_ id: Document.ID, in workspace: Workspace.ID) throws -> Document? {
        try database.first(from: "documents WHERE id = \(id) AND workspace_id = \(workspace)")
    }

    /// The document in that workspace with these bytes, even if it is still processing or has failed.
    public func find(sha256: String, in workspace: Workspace.ID) throws -> Document? {
        try database.first(from: "documents WHERE workspace_id = \(workspace) AND sha256 = \(sha256)")
    }

    /// The filter of a listing.
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

    /// Newest first.
    public func list(in workspace: Workspace.ID, filter: Filter, page: PageRequest) throws -> Page<Document> {
        var condition: SQL = "workspace_id = \(workspace)"
        if let search = filter.search {
            condition = "\(condition) AND search_key LIKE \(likePattern(containing: search)) ESCAPE '\\'"
        }
        if let type = filter.type { condition = "\(condition) AND type = \(type)" }
        if let status = filter.status { condition = "\(condition) AND status = \(status)" }
        return try database.page(from: "documents WHERE \(condition)", order: "id DESC", page)
    }

    /// Saves the name and the metadata. The metadata is replaced as a whole: merging would leave no way to remove a
    /// key.
    public func save(_ document: Document) throws {
        try database.run(
            """
            UPDATE documents SET name = \(document.name), search_key = \(SearchKey.of(document.name)),
                metadata = \(document.metadata), updated_at = \(document.updatedAt)
            WHERE id = \(document.id)
            """)
    }
}

extension Document: Record {
    static let columns = SQL(columnsOf: Self.self)

    init(from row: inout Row) {
        self.init(
            id: row["id"], workspaceId: row["workspace_id"], name: row["name"], type: row["type"],
            mimeType: row["mime_type"], size: row["size"], sha256: row["sha256"], status: row["status"],
            error: row["error"], chunkCount: row["chunk_count"], wordCount: row["word_count"],
            encoding: row["encoding"], warnings: DocumentWarnings(stored: row["warnings"]),
            metadata: row["metadata"], uploadedBy: row["uploaded_by"], createdAt: row["created_at"],
            updatedAt: row["updated_at"])
    }
}
