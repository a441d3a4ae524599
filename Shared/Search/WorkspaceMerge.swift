import Models

/// The results of several workspaces in one list.
enum WorkspaceMerge {
    /// The best, best first. Each workspace's hits stay in their order, which is not always that of their scores. Of
    /// equal scores, the passage that was indexed last comes first.
    static func best(
        _ limit: Int, of found: [(workspace: WorkspaceName, hits: [SearchHit])]
    ) -> [SearchAnswer.Result] {
        var rest = found.map { (workspace: $0.workspace, hits: $0.hits[...]) }.filter { !$0.hits.isEmpty }
        var best: [SearchAnswer.Result] = []
        while best.count < limit, let next = rest.indices.max(by: { isWorse(rest[$0].hits, than: rest[$1].hits) }) {
            best.append(SearchAnswer.Result(hit: rest[next].hits.removeFirst(), workspace: rest[next].workspace))
            if rest[next].hits.isEmpty { rest.remove(at: next) }
        }
        return best
    }

    private static func isWorse(_ hits: ArraySlice<SearchHit>, than others: ArraySlice<SearchHit>) -> Bool {
        guard let hit = hits.first, let other = others.first else { return hits.isEmpty }
        return (hit.score, hit.passage.id.createdAt) < (other.score, other.passage.id.createdAt)
    }
}
