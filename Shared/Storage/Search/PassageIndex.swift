import Language
import Models
import Wire

/// The passages of all documents, and full-text search over them.
///
/// The index of a workspace consists of segments (`SegmentFormat`), which writes add (`IndexStore`) and jobs merge
/// (`IndexMerging`). `IndexSearch` ranks by BM25F.
public struct PassageIndex {
    let database: Database
    var store: IndexStore { IndexStore(database: database) }

    // MARK: Writing

    /// Adds passages and their segments. Call it in a write.
    ///
    /// - Returns: the number of the first segment; nil if there are no passages.
    @discardableResult
    func add(_ prepared: PreparedPassages, to workspace: Workspace.ID) throws -> Int? {
        try database.insert(
            """
            INSERT INTO passages (id, workspace_id, document_id, position, text_start, text_end, page, heading, place,
                content, variants)
            """, prepared.passages
        ) { passage in
            let position = passage.position
            return """
                (\(passage.id), \(workspace), \(passage.documentId), \(position.index), \(position.start), \(position.end),
                    \(position.place.page), \(position.heading), \(position.storedPlace), \(passage.content),
                    \(passage.variants))
                """
        }
        var first: Int?
        for segment in prepared.segments {
            let number = try store.add(segment, to: workspace)
            first = first ?? number
        }
        return first
    }

    /// Removes the next passages of a document, up to about `bytes` of text, and returns their number. The index must
    /// not count them any more.
    func remove(atMost limit: Int, bytes: Int, of document: Document.ID) throws -> Int {
        try database.run(
            """
            DELETE FROM passages WHERE number IN (
                SELECT number FROM (
                    SELECT number, sum(size) OVER (ORDER BY position) - size AS before FROM (
                        SELECT number, position,
                            \(sqlite: "length(CAST(content AS BLOB))", postgres: "octet_length(content)") AS size
                        FROM passages WHERE document_id = \(document) ORDER BY position LIMIT \(limit)) AS sizes) AS sums
                WHERE before < \(bytes))
            """)
    }

    // MARK: Listing

    /// The passages of a document, in text order.
    public func list(of document: Document.ID, page: PageRequest) throws -> Page<Passage> {
        try database.page(from: "passages p WHERE p.document_id = \(document)", order: "p.position", page)
    }

    // MARK: Searching

    /// How passages are ranked.
    public static let parameters = RankingParameters()

    /// Names what `reading` reads first.
    public func prefetch(_ workspace: Workspace.ID, _ ahead: Prefetch) { store.prefetch(workspace, ahead) }

    /// Runs `body` with the index of a workspace, in a snapshot.
    public func reading<T>(_ workspace: Workspace.ID, _ body: (WorkspaceIndex) throws -> T) throws -> T {
        try database.snapshot { try body(WorkspaceIndex(of: workspace, database)) }
    }

    /// The best passages of a workspace (`WorkspaceIndex.search`).
    public func search(
        _ query: IndexQuery, in workspace: Workspace.ID,
        within budget: SearchBudget = SearchBudget(milliseconds: 0)
    ) throws -> WorkspaceIndex.Found {
        try reading(workspace) { try $0.search(query, within: budget) }
    }
}

extension Passage: Record {
    static let columns = SQL(columnsOf: Self.self)

    init(from row: inout Row) {
        self.init(
            id: row["p.id"], documentId: row["p.document_id"],
            position: Position(
                index: row["p.position"], start: row["p.text_start"], end: row["p.text_end"], page: row["p.page"],
                heading: row["p.heading"], storedPlace: row["p.place"]),
            content: row["p.content"], variants: row["p.variants"])
    }
}
