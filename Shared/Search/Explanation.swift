import Language
import Models
import Storage

/// Tells which fields of passages the words of a query were found in.
struct Explanation {
    let store: Store
    let budgetMilliseconds: Int

    /// Explains the results that are shown. The index is asked once more, so a search that nobody wants explained
    /// pays nothing.
    ///
    /// - Parameter queries: what was searched for in each workspace.
    func explained(
        _ results: [SearchAnswer.Result], _ queries: [Workspace.ID: SearchQuery]
    ) throws -> [SearchAnswer.Result] {
        var results = results
        let budget = SearchBudget(milliseconds: budgetMilliseconds)
        try store.snapshot {
            for (workspace, places) in Dictionary(grouping: results.indices, by: { results[$0].workspace.id }) {
                let hits = places.map { results[$0].hit }
                let explained = try store.passages.reading(workspace) {
                    try Self.explain(hits, queries[workspace], in: $0, within: SearchBudget(restOf: budget))
                }
                for (place, explanation) in zip(places, explained) { results[place].hit.explanation = explanation }
            }
        }
        return results
    }

    /// - Parameter query: nil if nothing was searched by words.
    static func explain(
        _ hits: [SearchHit], _ query: SearchQuery?, in index: WorkspaceIndex, within budget: SearchBudget
    ) throws -> [HitExplanation] {
        // A passage that only meaning found has no score by words.
        let found = hits.indices.filter { hits[$0].words ?? 0 > 0 }
        var fields = Array(repeating: HitExplanation.FieldShares(), count: hits.count)
        if let query, !found.isEmpty {
            let passages = found.map { hits[$0].passage }.map {
                RankedPassage(document: $0.documentId, position: $0.position.index, score: 0)
            }
            let scores = try index.fieldScores(of: passages, for: query.clauses, within: budget)
            for (place, score) in zip(found, scores) {
                fields[place] = .init(name: score.name, heading: score.heading, content: score.content)
            }
        }
        return zip(hits, fields).map { HitExplanation(of: $0, $1) }
    }
}
