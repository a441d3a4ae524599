import Models

/// The vectors of passages, and search by them.
///
/// Each workspace has a set of vectors of one model (`VectorSet`). Jobs make them (`EmbeddingWork`). If another model is
/// configured, those of another set, which takes the place of the first when it is complete.
public struct VectorIndex {
    let database: Database
    var sets: VectorSets { VectorSets(database: database) }
    var rows: VectorRows { VectorRows(database: database) }

    /// The model that made the vectors that a search of a workspace uses; nil if there are none. Only a query embedded
    /// by the same model can be compared with them.
    public func model(of workspace: Workspace.ID) throws -> EmbeddingModel? {
        try sets.searched(in: workspace)?.model
    }

    /// The passages whose vectors are nearest to the query's, nearest first. Of a passage with several vectors, the nearest
    /// counts. Empty if another model made the vectors.
    ///
    /// If the budget is used up, `budget.isSpent` is true and these are the nearest found so far. Call it in a snapshot
    /// if the passages are read afterwards.
    public func search(
        _ query: VectorQuery, by model: EmbeddingModel, in workspace: Workspace.ID,
        within budget: SearchBudget = SearchBudget(milliseconds: 0)
    ) throws -> [VectorHit] {
        try naming(workspace) {
            guard let set = try sets.searched(in: workspace), set.fits(query.vector, by: model) else { return [] }
            return try VectorSearch(database, set, query, hidden: hidden(in: workspace), within: budget).run()
        }
    }

    /// How similar a query is to some passages (`VectorHit.similarity`), for those that have a vector.
    public func similarities(
        of passages: [(document: Document.ID, position: Int)], to vector: [Float], by model: EmbeddingModel,
        in workspace: Workspace.ID
    ) throws -> [Double?] {
        try naming(workspace) {
            guard let set = try sets.searched(in: workspace), set.fits(vector, by: model) else {
                return passages.map { _ in nil }
            }
            let reader = VectorReader(database, set)
            let code = VectorQueryCode(vector, set.centre)
            return try passages.map { passage in
                var best: Double?
                try reader.eachVector(of: DocumentKey(passage.document), position: passage.position) {
                    best = max(best ?? -1, try code.cosine($0))
                }
                return best.map(code.similarity)
            }
        }
    }

    private func hidden(in workspace: Workspace.ID) throws -> Set<DocumentKey> {
        let hidden: [Document.ID] = try database.values(
            "SELECT document_id FROM hidden_documents WHERE workspace_id = \(workspace)")
        return Set(hidden.map { DocumentKey($0) })
    }

    /// Runs `body`, and names the workspace if its vectors are damaged.
    private func naming<T>(_ workspace: Workspace.ID, _ body: () throws -> T) throws -> T {
        do { return try body() } catch is VectorDamage {
            throw APIError.internalError(cause: "the vectors of \(workspace) are damaged")
        }
    }
}

extension Store {
    public var vectors: VectorIndex { VectorIndex(database: database) }
}

/// Reads the vectors of single passages.
final class VectorReader {
    private struct Place {
        let page: Int
        let position: Int
        /// The vectors of passages that follow one another.
        let passages: [Range<Int>]
    }

    private let database: Database
    private let set: VectorSet
    private var places: [DocumentKey: [Place]] = [:]

    init(_ database: Database, _ set: VectorSet) { (self.database, self.set) = (database, set) }

    /// Calls `body` with the bytes of each vector of a passage.
    func eachVector(
        of document: DocumentKey, position: Int, _ body: (UnsafeBufferPointer<UInt8>) throws -> Void
    ) throws {
        let known = try places[document] ?? places(of: document)
        places[document] = known
        for place in known where place.passages.indices.contains(position &- place.position) {
            let format = set.format
            for ordinal in place.passages[position &- place.position] {
                let isThere: Bool? = try database.first(
                    "SELECT data FROM vector_values WHERE id = \(format.row(of: ordinal, page: place.page))"
                ) { row in
                    try row.bytes { try body(format.bytes(of: ordinal, in: $0)) }
                    return true
                }
                if isThere == nil { throw VectorDamage() }
            }
            return
        }
    }

    private func places(of document: DocumentKey) throws -> [Place] {
        var places: [Place] = []
        try database.each(
            """
            SELECT p.id, p.vectors, p.runs, p.starts FROM vector_documents d JOIN vector_pages p ON p.id = d.page
            WHERE d.document_id = \(document.id) AND p.workspace_id = \(set.workspace) AND p.set_number = \(set.number)
            """
        ) { row in
            let (page, count): (Int, Int) = (row.next(), row.next())
            let runs = try row.bytes { try VectorPage.runs($0, of: count) }
            let starts = try PassageStarts(row.blob(), of: count)
            var ordinal = 0
            for run in runs {
                if run.document == document {
                    let passages = starts.passages(in: ordinal..<(ordinal + run.count))
                    places.append(Place(page: page, position: run.position, passages: passages))
                }
                ordinal += run.count
            }
            return true
        }
        return places
    }
}
