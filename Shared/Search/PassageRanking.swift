import Language
import Models
import Storage

/// Ranks the passages of a workspace by words, by meaning, or by both.
///
/// By both, a passage's score is the mean of its scores by words and by meaning. Both range from 0 to 1 and mean the same
/// from query to query, so they need not be fitted to one another. A passage that has no vector yet has its score by
/// words alone. Measured on questions in six languages and on the Cranfield collection, this is as good as the best
/// weighted sum of scores normalised per query, and better than the fusion of ranks.
struct PassageRanking {
    let index: WorkspaceIndex
    let query: SearchQuery
    /// Nil for a search by words alone.
    let meaning: QueryMeaning?
    let mode: SearchMode
    let documents: DocumentSelection
    let budget: SearchBudget

    /// How many of the best by words, and of the best by meaning, are compared with each other at least.
    private static let compared = 50

    /// A passage with its scores.
    struct Scored {
        var passage: RankedPassage
        var words: Double?
        var meaning: Double?
    }

    struct Ranked {
        /// Best first. By meaning, all that were compared; by words, at most as many as were asked for.
        var best: [Scored]
        /// The number of all passages that words find, if it was asked for.
        var matches: Int
    }

    /// - Parameter threshold: passages that score less are left out.
    func best(_ limit: Int, threshold: Double, countsMatches: Bool) throws -> Ranked {
        guard let meaning else {
            let found = try byWords(limit, threshold: threshold, countsMatches: countsMatches)
            return Ranked(
                best: found.best.map { Scored(passage: $0, words: $0.score) }, matches: found.matches ?? 0)
        }
        let compared = max(Self.compared, limit)
        var scored: [Scored] = []
        var matches = 0
        // What must or must not occur is known of passages that words find.
        if mode == .hybrid || query.hasConditions || countsMatches {
            let found = try byWords(compared, threshold: 0, countsMatches: countsMatches)
            matches = found.matches ?? 0
            if mode == .hybrid || query.hasConditions {
                scored = found.best.map { Scored(passage: $0, words: $0.score) }
            }
        }
        if query.hasConditions {
            try compare(&scored, with: meaning)
        } else {
            let nearest = try index.nearest(
                to: VectorQuery(meaning.vector, limit: compared, documents: documents), by: meaning.model,
                within: budget)
            try join(nearest, to: &scored, meaning)
        }
        for index in scored.indices { scored[index].passage.score = score(scored[index]) }
        scored.removeAll { $0.passage.score < threshold || $0.passage.score <= 0 }
        scored.sort { $0.passage.isBetter(than: $1.passage) }
        return Ranked(best: scored, matches: matches)
    }

    private func byWords(_ limit: Int, threshold: Double, countsMatches: Bool) throws -> RankedPassages {
        let wanted = IndexQuery(
            query.clauses, limit: limit, threshold: threshold, documents: documents, countsMatches: countsMatches)
        return try index.ranked(wanted, within: budget)
    }

    /// Adds what meaning says of passages.
    private func compare(_ scored: inout [Scored], with meaning: QueryMeaning) throws {
        let similarities = try index.similarities(
            of: scored.map(\.passage), to: meaning.vector, by: meaning.model)
        for (index, similarity) in similarities.enumerated() { scored[index].meaning = similarity }
    }

    /// Adds the passages nearest in meaning, and what meaning says of the others.
    private func join(_ nearest: [RankedPassage], to scored: inout [Scored], _ meaning: QueryMeaning) throws {
        var similarities = Dictionary(nearest.map { ($0.place, $0.score) }, uniquingKeysWith: max)
        var others: [Int] = []
        for index in scored.indices {
            scored[index].meaning = similarities.removeValue(forKey: scored[index].passage.place)
            if scored[index].meaning == nil { others.append(index) }
        }
        let rest = try index.similarities(
            of: others.map { scored[$0].passage }, to: meaning.vector, by: meaning.model)
        for (index, similarity) in zip(others, rest) { scored[index].meaning = similarity }
        let words: Double? = mode == .hybrid ? 0 : nil
        for passage in nearest {
            if let similarity = similarities.removeValue(forKey: passage.place) {
                scored.append(Scored(passage: passage, words: words, meaning: similarity))
            }
        }
    }

    private func score(_ scored: Scored) -> Double {
        switch (mode, scored.words, scored.meaning) {
        case (.hybrid, let words?, let meaning?): (words + meaning) / 2
        case (.hybrid, let words, _), (.keyword, let words, _): words ?? 0
        case (.semantic, _, let meaning): meaning ?? 0
        }
    }
}
