import Language
import Models
import Storage

/// Finds passages of a workspace's documents. Every search goes through here.
public struct PassageSearch {
    private let store: Store
    private let budgetMilliseconds: Int

    /// - Parameter budgetMilliseconds: the processor time that a search may use; 0 for no limit.
    public init(_ store: Store, budgetMilliseconds: Int) {
        self.store = store
        self.budgetMilliseconds = budgetMilliseconds
    }

    public struct Found: Sendable {
        public var hits: [SearchHit]
        /// Whether the budget ran out. The hits are then the best of the passages examined; there may be better ones.
        public var isPartial: Bool
    }

    /// Finds the best passages for a query from a search field, best first, with their hits marked. If several documents
    /// have one name, passages of the newer come before those of the older that score about the same. Stop words count
    /// only if there are no other words. Quoted phrases must occur; `-excluded` words must not.
    public func find(
        typed text: String, in workspace: Workspace.ID, filter: DocumentFilter = .init(), limit: Int,
        threshold: Double = 0
    ) throws -> Found {
        try find(SearchQuery(parsing: text), in: workspace, filter: filter, limit: limit, threshold: threshold)
    }

    /// Finds the best passages for a question, in which quotes and hyphens are not operators.
    public func find(
        question text: String, in workspace: Workspace.ID, filter: DocumentFilter = .init(), limit: Int
    ) throws -> Found {
        try find(SearchQuery(question: text), in: workspace, filter: filter, limit: limit, threshold: 0)
    }

    private func find(
        _ query: SearchQuery, in workspace: Workspace.ID, filter: DocumentFilter, limit: Int, threshold: Double
    ) throws -> Found {
        var wanted = PassageIndex.Query()
        wanted.terms = query.significantTerms
        wanted.phrases = query.phrases
        wanted.excluded = query.excluded
        wanted.limit = limit
        wanted.threshold = threshold
        let budget = SearchBudget(milliseconds: budgetMilliseconds)
        var hits = try store.snapshot {
            wanted.documents = try store.documents.select(filter, in: workspace, within: budget)
            return try store.passages.search(wanted, in: workspace, within: budget)
        }
        hits = DocumentVersions(of: hits).newestFirst(hits)
        for position in hits.indices {
            hits[position].highlight = Highlighter.highlight(hits[position].passage.content, for: query)
        }
        return Found(hits: hits, isPartial: budget.isSpent)
    }
}
