import Models

/// The results of several workspaces in one list.
enum WorkspaceMerge {
    /// The best, best first. Each workspace's results stay in their order, which is not always that of their scores. Of
    /// equal scores, the passage that was indexed last comes first.
    static func best(_ limit: Int, of found: [[SearchAnswer.Result]]) -> [SearchAnswer.Result] {
        var rest = found.filter { !$0.isEmpty }.map { $0[...] }
        var best: [SearchAnswer.Result] = []
        while best.count < limit, let next = rest.indices.max(by: { isWorse(rest[$0], than: rest[$1]) }) {
            best.append(rest[next].removeFirst())
            if rest[next].isEmpty { rest.remove(at: next) }
        }
        return best
    }

    private static func isWorse(
        _ results: ArraySlice<SearchAnswer.Result>, than others: ArraySlice<SearchAnswer.Result>
    ) -> Bool {
        guard let hit = results.first?.hit, let other = others.first?.hit else { return results.isEmpty }
        return (hit.score, hit.passage.id.createdAt) < (other.score, other.passage.id.createdAt)
    }
}
