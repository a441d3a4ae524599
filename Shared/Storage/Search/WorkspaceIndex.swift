import Language
import Models
import Wire

/// The index of a workspace, as one snapshot has it.
///
/// Only the workspace's segments are read, so neither the work nor the scores depend on other workspaces.
public struct WorkspaceIndex {
    private let workspace: Workspace.ID
    private let database: Database
    private let segments: [SearchedSegment]

    /// Call it in a snapshot.
    init(of workspace: Workspace.ID, _ database: Database) throws {
        (self.workspace, self.database) = (workspace, database)
        let store = IndexStore(database: database)
        segments = try store.naming(workspace) { try store.searched(in: workspace) }
    }

    /// The languages that the index has stems in, the commonest first.
    public var languages: [TextLanguage] {
        let counts = TextLanguage.allCases.map { language in
            segments.reduce(0) {
                $1.reader.header.languages & language.segmentBit != 0 ? $0 + $1.reader.header.passages : $0
            }
        }
        let places = counts.indices.filter { counts[$0] > 0 }.sorted { (counts[$1], $0) < (counts[$0], $1) }
        return places.map { TextLanguage.allCases[$0] }
    }

    /// The results of a search.
    public struct Found: Sendable {
        /// The best passages, best first; of those with the same score, the newest document first, and of one document
        /// in the order of the text.
        public var hits: [SearchHit]
        /// The number of all passages that match, if it was asked for.
        public var matches: Int?
    }

    /// Searches. If the budget is used up, `budget.isSpent` is true and these are the best found so far.
    public func search(
        _ query: IndexQuery, within budget: SearchBudget = SearchBudget(milliseconds: 0)
    ) throws -> Found {
        let ranked = try ranked(query, within: budget)
        return Found(hits: try hits(ranked.best).compactMap { $0 }, matches: ranked.matches)
    }

    /// The same, without reading the passages.
    public func ranked(
        _ query: IndexQuery, within budget: SearchBudget = SearchBudget(milliseconds: 0)
    ) throws -> RankedPassages {
        var ranked = try IndexStore(database: database).naming(workspace) {
            try IndexSearch(segments, query, PassageIndex.parameters, within: budget).run()
        }
        let old = OldIndex(database: database)
        if query.limit > 0, try old.has(workspace) {
            ranked.best += try old.search(query, in: workspace)
            ranked.best.sort { $0.isBetter(than: $1) }
            ranked.best = Array(ranked.best.prefix(query.limit))
        }
        return ranked
    }

    /// The passages whose vectors are nearest to a query's, nearest first, scored by `VectorHit.similarity`. Empty if
    /// there are no vectors of that model (`VectorIndex.model`).
    public func nearest(
        to query: VectorQuery, by model: EmbeddingModel,
        within budget: SearchBudget = SearchBudget(milliseconds: 0)
    ) throws -> [RankedPassage] {
        try VectorIndex(database: database).search(query, by: model, in: workspace, within: budget).map {
            RankedPassage(document: DocumentKey($0.document), position: $0.position, score: $0.similarity)
        }
    }

    /// How similar a query is to passages that were found otherwise; nil for those that have no vector.
    public func similarities(
        of passages: [RankedPassage], to vector: [Float], by model: EmbeddingModel
    ) throws -> [Double?] {
        try VectorIndex(database: database).similarities(
            of: passages.map { ($0.documentId, $0.position) }, to: vector, by: model, in: workspace)
    }

    /// What each field adds to the scores by words of passages that were found; all 0 for those that words do not find.
    public func fieldScores(
        of passages: [RankedPassage], for clauses: [QueryClause],
        within budget: SearchBudget = SearchBudget(milliseconds: 0)
    ) throws -> [PerField<Double>] {
        let scores = try IndexStore(database: database).naming(workspace) {
            try IndexSearch(segments, IndexQuery(clauses), PassageIndex.parameters, within: budget)
                .fieldScores(of: passages)
        }
        return passages.map { scores[$0.place] ?? PerField(0, 0, 0) }
    }

    /// Reads passages that were found. Nil for those that are gone or hidden.
    public func hits(_ ranked: [RankedPassage]) throws -> [SearchHit?] {
        try database.prefetch { ahead in for passage in ranked { ahead.add { _ = try hit(passage) } } }
        return try ranked.map(hit)
    }

    func hit(_ ranked: RankedPassage) throws -> SearchHit? {
        let found = try database.first(
            from: """
                passages p JOIN documents d ON d.id = p.document_id
                WHERE p.document_id = \(ranked.document.id) AND p.position = \(ranked.position)
                    AND p.workspace_id = \(workspace) AND d.status = 'processed'
                """, as: HitRow.self)
        return found.map {
            SearchHit(
                passage: $0.passage, documentName: $0.name, type: $0.type, metadata: $0.metadata,
                language: $0.language, score: (ranked.score * 10_000).rounded() / 10_000)
        }
    }

    /// A passage, with the fields of its document that a hit shows.
    private struct HitRow: Record {
        let passage: Passage
        let name: String
        let type: DocumentType
        let metadata: RawJSON
        let language: String?

        static let columns = SQL(columnsOf: Self.self)

        init(from row: inout Row) {
            passage = Passage(from: &row)
            name = row["d.name"]
            type = row["d.type"]
            metadata = row["d.metadata"]
            language = row["d.language"]
        }
    }
}
