import Embedding
import Language
import Models
import Storage

/// Finds passages of a workspace's documents. Every search goes through here.
public struct PassageSearch {
    private let store: Store
    private let embedding: EmbeddingConfiguration
    private let reranker: RerankService?
    private let budgetMilliseconds: Int

    /// - Parameters:
    ///   - embedding: the model that embeds queries. It is opened when a search needs it.
    ///   - reranker: orders the results of hybrid searches; nil for none.
    ///   - budgetMilliseconds: the processor time that a search may use; 0 for no limit.
    public init(
        _ store: Store, embedding: EmbeddingConfiguration, reranker: RerankService? = nil, budgetMilliseconds: Int
    ) {
        (self.store, self.embedding, self.reranker) = (store, embedding, reranker)
        self.budgetMilliseconds = budgetMilliseconds
    }

    /// Names what a search of a workspace reads first. Call it in a snapshot.
    public func prefetch(_ request: SearchRequest, in workspace: Workspace.ID, _ ahead: Prefetch) {
        if request.mode != .keyword { ahead.add { _ = try store.vectors.model(of: workspace) } }
        store.passages.prefetch(workspace, ahead)
    }

    /// The maximum number of workspaces whose matches an answer counts.
    private static let countedWorkspaces = 1000

    /// Answers a query from a search field: the best passages of a workspace, best first, with their hits marked. If
    /// several documents have one name, passages of the newer come before those of the older that score about the same.
    /// Passages that say the same appear once. Quoted phrases must occur; `-excluded` words must not.
    public func answer(_ request: SearchRequest, in workspace: WorkspaceName) throws -> SearchAnswer {
        let budget = SearchBudget(milliseconds: budgetMilliseconds)
        let meaning = try meaning(of: request, in: [workspace])
        let reranking = Reranking(reranker, for: request)
        let found = try store.snapshot {
            try find(
                reranking?.widened(request) ?? request, meaning, in: workspace, countsMatches: false, within: budget)
        }
        var answer = SearchAnswer(
            query: request.query, mode: meaning == nil ? .keyword : request.mode, results: found.results,
            workspaces: nil, isPartial: budget.isSpent)
        try finish(&answer, to: request, [found], reranking)
        return answer
    }

    /// The same in several workspaces.
    ///
    /// - Parameters:
    ///   - workspaces: those that the caller may read. If the budget runs out, the last are not searched.
    ///   - named: whether the caller named them, so that those without matches are counted, too.
    public func answer(
        _ request: SearchRequest, in workspaces: [WorkspaceName], named: Bool
    ) throws -> SearchAnswer {
        let budget = SearchBudget(milliseconds: budgetMilliseconds)
        let meaning = try meaning(of: request, in: workspaces)
        let reranking = Reranking(reranker, for: request)
        let wanted = reranking?.widened(request) ?? request
        var found: [Found] = []
        var isPartial = false
        try store.snapshot {
            for workspace in workspaces {
                if budget.isUsedUp {
                    isPartial = true
                    return
                }
                let own = SearchBudget(restOf: budget)
                // One without vectors of this model is searched by words.
                let isComparable = try meaning.map { try store.vectors.model(of: workspace.id) == $0.model } ?? false
                found.append(
                    try find(
                        wanted, isComparable ? meaning : nil, in: workspace, countsMatches: true, within: own))
                isPartial = isPartial || own.isSpent
            }
        }
        var answer = SearchAnswer(
            query: request.query, mode: meaning == nil ? .keyword : request.mode,
            results: WorkspaceMerge.best(wanted.limit, of: found.map(\.results)), workspaces: nil,
            isPartial: isPartial)
        try finish(&answer, to: request, found, reranking)
        // Meaning finds passages that no word matches.
        let shown = Set(answer.results.map(\.workspace.id))
        let matches = zip(workspaces, found).filter { named || $1.matches > 0 || shown.contains($0.id) }
            .map { SearchAnswer.Matches(workspace: $0, count: $1.matches) }
            .sorted { $0.count > $1.count }.prefix(Self.countedWorkspaces)
        answer.workspaces = Array(matches)
        return answer
    }

    /// The results of one workspace.
    private struct Found {
        var workspace: WorkspaceName
        /// Not highlighted yet: of several workspaces, most are not shown.
        var results: [SearchAnswer.Result]
        /// The number of all passages that words find, if it was asked for.
        var matches: Int
        /// The query in the languages of the workspace; nil if nothing was searched.
        var query: SearchQuery?
    }

    /// Reranks, explains and highlights results. Call it outside of a snapshot.
    private func finish(
        _ answer: inout SearchAnswer, to request: SearchRequest, _ found: [Found], _ reranking: Reranking?
    ) throws {
        if let reranking {
            let reranked = reranking.reranked(answer.results, for: SearchQuery.subject(of: request.query))
            let results = (reranked ?? answer.results).filter { $0.hit.score >= request.threshold }
            (answer.results, answer.isReranked) = (Array(results.prefix(request.limit)), reranked != nil)
        } else if reranker != nil {
            answer.isReranked = false
        }
        var queries: [Workspace.ID: SearchQuery] = [:]
        for found in found { queries[found.workspace.id] = found.query }
        if request.explains {
            answer.results = try Explanation(store: store, budgetMilliseconds: budgetMilliseconds)
                .explained(answer.results, queries)
        }
        answer.results = Self.highlighted(answer.results, queries)
    }

    private static func highlighted(
        _ results: [SearchAnswer.Result], _ queries: [Workspace.ID: SearchQuery]
    ) -> [SearchAnswer.Result] {
        // Few of the workspaces that were searched have results that are shown.
        var highlighters: [Workspace.ID: Highlighter] = [:]
        return results.map { result in
            guard let query = queries[result.workspace.id] else { return result }
            var result = result
            result.hit.highlight = highlighters[result.workspace.id, default: Highlighter(query)].highlight(
                result.hit.passage.content, in: result.hit.language.flatMap(TextLanguage.init(rawValue:)))
            return result
        }
    }

    /// The query as a vector; nil for a search by words.
    private func meaning(of request: SearchRequest, in workspaces: [WorkspaceName]) throws -> QueryMeaning? {
        guard request.mode != .keyword else { return nil }
        return try QueryMeaning(
            of: SearchQuery.subject(of: request.query), by: Embedders.shared(embedding), in: workspaces.map(\.id),
            of: store)
    }

    private func find(
        _ request: SearchRequest, _ meaning: QueryMeaning?, in workspace: WorkspaceName, countsMatches: Bool,
        within budget: SearchBudget
    ) throws -> Found {
        let found = try hits(
            request, meaning, in: workspace.id, countsMatches: countsMatches, within: budget
        ) { SearchQuery(parsing: request.query, languages: $0) }
        return Found(
            workspace: workspace, results: found.hits.map { SearchAnswer.Result(hit: $0, workspace: workspace) },
            matches: found.matches, query: found.query)
    }

    /// The best passages for a question, in which quotes and hyphens are not operators.
    public struct Evidence: Sendable {
        public var hits: [SearchHit]
        /// Whether the budget ran out. The hits are then the best of the passages examined; there may be better ones.
        public var isPartial: Bool
        /// Whether a reranker ordered the hits; nil if there is none.
        public var isReranked: Bool?
        /// The question as a vector of the model that embeds queries; nil if it was not needed, or could not be made.
        public var vector: [Float]?
    }

    /// Finds the best passages for a question. Call it outside of a snapshot.
    public func find(
        question text: String, in workspace: Workspace.ID, filter: DocumentFilter = .init(), limit: Int
    ) throws -> Evidence {
        let budget = SearchBudget(milliseconds: budgetMilliseconds)
        let request = SearchRequest(query: text, mode: .hybrid, limit: limit, threshold: 0, filter: filter)
        let meaning = try QueryMeaning(of: text, by: Embedders.shared(embedding), in: [workspace], of: store)
        let reranking = Reranking(reranker, for: request)
        let found = try store.snapshot {
            try hits(
                reranking?.widened(request) ?? request, meaning, in: workspace, countsMatches: false, within: budget
            ) { SearchQuery(question: text, languages: $0) }
        }
        // Nobody sees these highlighted.
        guard let reranking else {
            return Evidence(hits: found.hits, isPartial: budget.isSpent, vector: meaning?.vector)
        }
        let reranked = reranking.scored(found.hits, for: text).map(Reranking.ordered)
        return Evidence(
            hits: Array((reranked ?? found.hits).prefix(limit)), isPartial: budget.isSpent,
            isReranked: reranked != nil, vector: meaning?.vector)
    }

    /// Tells why passages that were found for a question have their scores.
    public func explained(
        _ hits: [SearchHit], for question: String, in workspace: Workspace.ID
    ) throws -> [HitExplanation] {
        let budget = SearchBudget(milliseconds: budgetMilliseconds)
        return try store.passages.reading(workspace) { index in
            try Explanation.explain(
                hits, SearchQuery(question: question, languages: index.languages), in: index, within: budget)
        }
    }

    /// How many more passages are looked for if some say the same.
    private static let moreForDuplicates = 4

    /// - Parameter query: makes the query for the languages of the workspace.
    private func hits(
        _ request: SearchRequest, _ meaning: QueryMeaning?, in workspace: Workspace.ID, countsMatches: Bool,
        within budget: SearchBudget, _ query: ([TextLanguage]) -> SearchQuery
    ) throws -> (hits: [SearchHit], matches: Int, query: SearchQuery?) {
        let documents = try store.documents.select(request.filter, in: workspace, within: budget)
        if documents.isEmpty { return ([], 0, nil) }
        return try store.passages.reading(workspace) { index in
            let query = query(index.languages)
            let ranking = PassageRanking(
                index: index, query: query, meaning: meaning, mode: request.mode, documents: documents,
                budget: budget)
            let (limit, threshold) = (request.limit, request.threshold)
            let ranked = try ranking.best(limit, threshold: threshold, countsMatches: countsMatches)
            var duplicates = NearDuplicates()
            func collapsed(_ best: ArraySlice<PassageRanking.Scored>) throws -> [SearchHit] {
                let hits = try Self.hits(best, in: index)
                return duplicates.collapsed(DocumentVersions(of: hits).newestFirst(hits))
            }
            let best = ranked.best.prefix(limit)
            var hits = try collapsed(best)
            if hits.count < best.count, best.count == limit, !budget.isSpent {
                let wider = limit * Self.moreForDuplicates
                // By meaning, more are known already.
                let isRanked = ranked.best.count > limit
                let more =
                    try isRanked
                    ? ranked.best : ranking.best(wider, threshold: threshold, countsMatches: false).best
                hits = Array(try collapsed(more.prefix(wider)).prefix(limit))
            }
            return (hits, ranked.matches, query)
        }
    }

    private static func hits(
        _ best: ArraySlice<PassageRanking.Scored>, in index: WorkspaceIndex
    ) throws -> [SearchHit] {
        zip(best, try index.hits(best.map(\.passage))).compactMap { scored, found in
            guard var hit = found else { return nil }
            (hit.words, hit.meaning) = (scored.words, scored.meaning)
            return hit
        }
    }
}
