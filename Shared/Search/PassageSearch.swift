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

    /// The most workspaces of which an answer tells how many matches they have.
    private static let countedWorkspaces = 1000

    /// Answers a query from a search field: the best passages of these workspaces, best first, with their hits marked.
    /// If several documents of a workspace have one name, passages of the newer come before those of the older that
    /// score about the same. Stop words count only if there are no other words. Quoted phrases must occur; `-excluded`
    /// words must not.
    ///
    /// - Parameters:
    ///   - workspaces: those that the caller may read. If the budget runs out, the last are not searched.
    ///   - named: whether the caller named them, so that those without matches are counted, too.
    public func answer(
        _ request: SearchRequest, in workspaces: [WorkspaceName], named: Bool
    ) throws -> SearchAnswer {
        let query = SearchQuery(parsing: request.query)
        let budget = SearchBudget(milliseconds: budgetMilliseconds)
        var found: [(workspace: WorkspaceName, hits: [SearchHit])] = []
        var isPartial = false
        try store.snapshot {
            for workspace in workspaces {
                if budget.isUsedUp {
                    isPartial = true
                    return
                }
                let own = SearchBudget(restOf: budget)
                let hits = try find(
                    query, in: workspace.id, filter: request.filter, limit: request.limit,
                    threshold: request.threshold, within: own)
                found.append((workspace, hits))
                isPartial = isPartial || own.isSpent
            }
        }
        var results = WorkspaceMerge.best(request.limit, of: found)
        for position in results.indices { Self.highlight(&results[position].hit, for: query) }
        let matches = found.filter { named || !$0.hits.isEmpty }
            .map { SearchAnswer.Matches(workspace: $0.workspace, count: $0.hits.count) }
            .sorted { $0.count > $1.count }.prefix(Self.countedWorkspaces)
        return SearchAnswer(
            query: request.query, mode: .keyword, results: results, workspaces: Array(matches), isPartial: isPartial)
    }

    /// Finds the best passages for a question, in which quotes and hyphens are not operators.
    public func find(
        question text: String, in workspace: Workspace.ID, filter: DocumentFilter = .init(), limit: Int
    ) throws -> Found {
        let query = SearchQuery(question: text)
        let budget = SearchBudget(milliseconds: budgetMilliseconds)
        var hits = try store.snapshot {
            try find(query, in: workspace, filter: filter, limit: limit, threshold: 0, within: budget)
        }
        for position in hits.indices { Self.highlight(&hits[position], for: query) }
        return Found(hits: hits, isPartial: budget.isSpent)
    }

    private func find(
        _ query: SearchQuery, in workspace: Workspace.ID, filter: DocumentFilter, limit: Int, threshold: Double,
        within budget: SearchBudget
    ) throws -> [SearchHit] {
        var wanted = PassageIndex.Query()
        wanted.terms = query.significantTerms
        wanted.phrases = query.phrases
        wanted.excluded = query.excluded
        wanted.limit = limit
        wanted.threshold = threshold
        wanted.documents = try store.documents.select(filter, in: workspace, within: budget)
        let hits = try store.passages.search(wanted, in: workspace, within: budget)
        return DocumentVersions(of: hits).newestFirst(hits)
    }

    private static func highlight(_ hit: inout SearchHit, for query: SearchQuery) {
        hit.highlight = Highlighter.highlight(hit.passage.content, for: query)
    }
}
