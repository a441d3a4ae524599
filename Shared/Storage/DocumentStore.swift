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

    /// Adds an estimate of how long its embedding will take.
    public func describe(_ document: Document) throws -> Document {
        try estimating([document], in: document.workspaceId).first ?? document
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
        let found: Page<Document> = try database.page(from: "documents WHERE \(condition)", order: "id DESC", page)
        return try found.mapping { try estimating($0, in: workspace) }
    }

    /// Of each of these names that several documents have, when the text of the newest was indexed, and which it is.
    public func newest(named names: [String], in workspace: Workspace.ID) throws -> [Version] {
        try database.all(
            """
            SELECT name, document_id, id FROM (
                SELECT d.name, p.document_id, p.id, count(*) OVER (PARTITION BY d.name) AS versions,
                    row_number() OVER (PARTITION BY d.name ORDER BY p.id DESC) AS place
                FROM documents d JOIN passages p ON p.document_id = d.id AND p.position = 0
                WHERE d.workspace_id = \(workspace) AND d.name IN \(SQL.list(names)) AND d.status = 'processed') AS v
            WHERE place = 1 AND versions > 1
            """
        ) { row in
            let (name, document): (String, Document.ID) = (row.next(), row.next())
            return Version(name: name, document: document, indexedAt: row.next(Passage.ID.self).createdAt)
        }
    }

    /// One of several documents of a name.
    public struct Version: Sendable {
        public let name: String
        public let document: Document.ID
        public let indexedAt: Timestamp
    }

    /// Saves the name and the metadata. The metadata is replaced as a whole: merging would leave no way to remove a
    /// key.
    ///
    /// The index has the name with every passage, so a renamed document is indexed again: in this write if it was
    /// prepared, or else by a job.
    public func save(_ document: Document, _ prepared: PreparedRename? = nil) throws {
        try database.write {
            let isRenamed = try database.exists(
                "SELECT 1 FROM documents WHERE id = \(document.id) AND name <> \(document.name)")
            try database.run(
                """
                UPDATE documents SET name = \(document.name), search_key = \(SearchKey.of(document.name)),
                    metadata = \(document.metadata), updated_at = \(document.updatedAt)
                WHERE id = \(document.id)
                """)
            if isRenamed { try Reindexing(database: database).rename(document, prepared) }
        }
    }

    /// Analyses a document under a new name for `save`, without the write lock. Nil if the name stays or the document is
    /// large.
    public func prepareRename(
        of id: Document.ID, in workspace: Workspace.ID, to name: String
    ) throws -> PreparedRename? {
        guard try find(id, in: workspace) != nil else { return nil }
        return try Reindexing(database: database).prepareRename(of: id, to: name)
    }
}
