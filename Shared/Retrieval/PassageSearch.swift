import Models
import Storage

/// Finds the passages of a workspace that answer to words as a person types them.
public struct PassageSearch {
    private let index: PassageIndex

    public init(_ index: PassageIndex) { self.index = index }

    /// The best passages, best first, with their hits marked. Function words do not count unless
    /// there is nothing else; quoted phrases must be there, `-excluded` words must not.
    public func find(
        _ query: SearchQuery, in workspace: Workspace.ID, filter: PassageIndex.Filter = .init(), limit: Int,
        threshold: Double = 0
    ) throws -> [SearchHit] {
        var wanted = PassageIndex.Query()
        wanted.terms = query.significantTerms
        wanted.phrases = query.phrases
        wanted.excluded = query.excluded
        wanted.filter = filter
        wanted.limit = limit
        wanted.threshold = threshold
        var hits = try index.search(wanted, in: workspace)
        for position in hits.indices {
            hits[position].highlight = Highlighter.highlight(hits[position].passage.content, for: query)
        }
        return hits
    }
}
