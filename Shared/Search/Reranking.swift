import Models
import Platform
import Providers

/// Orders the best results of a search anew, by a model that reads query and passage together.
struct Reranking {
    private let service: RerankService
    private let client: RerankClient

    /// Nil if there is no such model, or if the search asks for words or for meaning alone.
    init?(_ service: RerankService?, for request: SearchRequest) {
        guard let service, request.mode == .hybrid else { return nil }
        self.service = service
        client = Self.client(of: service)
    }

    /// The search for what to rerank. Its scores are not the final ones, so its threshold is 0.
    func widened(_ request: SearchRequest) -> SearchRequest {
        var request = request
        (request.limit, request.threshold) = (max(request.limit, service.candidates), 0)
        return request
    }

    /// Scores results of one workspace or of several, and orders them.
    ///
    /// - Returns: nil if the model did not answer in time, or failed.
    func reranked(_ results: [SearchAnswer.Result], for query: String) -> [SearchAnswer.Result]? {
        guard let hits = scored(results.map(\.hit), for: query) else { return nil }
        let byWorkspace = Dictionary(grouping: results.indices, by: { results[$0].workspace.id }).values
        let lists = byWorkspace.map { own in
            Self.ordered(own.map { hits[$0] }).map {
                SearchAnswer.Result(hit: $0, workspace: results[own[0]].workspace)
            }
        }
        return WorkspaceMerge.best(results.count, of: lists)
    }

    /// Gives hits the model's scores. Call it outside of a snapshot: the model may take seconds.
    ///
    /// - Returns: nil if the model did not answer in time, or failed.
    func scored(_ hits: [SearchHit], for query: String) -> [SearchHit]? {
        do {
            let scores = try client.scores(of: hits.map { Self.text(of: $0.passage) }, for: query)
            guard scores.count == hits.count else { return nil }
            return zip(hits, scores).map { hit, score in
                var hit = hit
                hit.score = (score * 10_000).rounded() / 10_000
                hit.reranked = hit.score
                return hit
            }
        } catch {
            Log.write(.warning, "Results could not be reranked", ["cause": .string("\(error)")])
            return nil
        }
    }

    /// Hits of one workspace, best first; equal ones stay in order. Newer versions of a document go first as ever.
    static func ordered(_ hits: [SearchHit]) -> [SearchHit] {
        let places = hits.indices.sorted { (hits[$1].score, $0) < (hits[$0].score, $1) }
        let sorted = places.map { hits[$0] }
        return DocumentVersions(of: sorted).newestFirst(sorted)
    }

    /// As it is embedded: with its heading.
    private static func text(of passage: Passage) -> String {
        passage.position.heading.map { "\($0)\n\(passage.content)" } ?? passage.content
    }

    /// The client of a service, kept as long as the process: it remembers what the server accepts, and when it failed.
    private static func client(of service: RerankService) -> RerankClient {
        if let kept, kept.service === service { return kept.client }
        let client = RerankClient(service)
        kept = (service, client)
        return client
    }

    /// Safe without a lock: a process serves one request at a time, on one thread.
    nonisolated(unsafe) private static var kept: (service: RerankService, client: RerankClient)?
}
