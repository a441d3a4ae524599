import Language
import Models
import Storage

/// Finds the passages of a workspace that answer to words as a person types them.
public struct PassageSearch {
    private let index: PassageIndex
    private let budgetMilliseconds: Int

    /// - Parameter budgetMilliseconds: how much processor time a search may take; 0 for no limit.
    public init(_ index: PassageIndex, budgetMilliseconds: Int) {
        self.index = index
        self.budgetMilliseconds = budgetMilliseconds
    }

    /// What a search found.
    public struct Found: Sendable {
        public var hits: [SearchHit]
        /// The budget was spent: these are the best of what was looked at, and there may be better ones.
        public var isPartial: Bool
    }

    /// The best passages, best first, with their hits marked. Function words do not count unless
    /// there is nothing else; quoted phrases must be there, `-excluded` words must not.
    public func find(
        _ query: SearchQuery, in workspace: Workspace.ID, filter: PassageIndex.Filter = .init(), limit: Int,
        threshold: Double = 0
    ) throws -> Found {
        var wanted = PassageIndex.Query()
        wanted.terms = query.significantTerms
        wanted.phrases = query.phrases
        wanted.excluded = query.excluded
        wanted.filter = filter
        wanted.limit = limit
        wanted.threshold = threshold
        let budget = SearchBudget(milliseconds: budgetMilliseconds)
        var hits = try index.search(wanted, in: workspace, within: budget)
        for position in hits.indices {
            hits[position].highlight = Highlighter.highlight(hits[position].passage.content, for: query)
        }
        return Found(hits: hits, isPartial: budget.isSpent)
    }
}
