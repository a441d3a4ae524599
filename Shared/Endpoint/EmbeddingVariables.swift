import Models
import Wire

extension Configuration.Reader {
    private static let longestPrefix = 1_000
    private static let longestVector = 16_384
    /// In seconds: a search first embeds the query and last reranks, and must answer within 30 seconds all the same.
    private static let longestSearchStep = 10

    /// Reads the variables `EMBEDDING` and `EMBEDDING_…`. A remote model goes before the built-in one.
    func embedding() throws(Configuration.Problem) -> EmbeddingConfiguration {
        let isOff = try word("EMBEDDING", ["on": false, "off": true]) ?? false
        let file = text("EMBEDDING_MODEL_FILE")
        // `EncoderKernels` reads it, and takes others where the processor does not have these.
        _ = try word("EMBEDDING_KERNEL", ["avx512vnni": (), "avx2": (), "sdot": (), "portable": ()])
        let remote = try embeddingService()
        if isOff { return .off }
        return remote.map { .remote($0) } ?? .builtIn(file: file)
    }

    private func embeddingService() throws(Configuration.Problem) -> EmbeddingService? {
        guard let base = try serviceURL("EMBEDDING_BASE_URL", "such as http://127.0.0.1:8080/v1") else { return nil }
        guard let name = text("EMBEDDING_MODEL") else {
            throw Configuration.Problem(
                description: "EMBEDDING_MODEL must name a model where EMBEDDING_BASE_URL is set")
        }
        var limits = EmbeddingService.Limits()
        limits.query = try number("EMBEDDING_QUERY_SECONDS", "seconds", 1...Self.longestSearchStep) ?? limits.query
        limits.batch = try number("EMBEDDING_BATCH_SECONDS", "seconds", 1...80) ?? limits.batch
        limits.texts = try number("EMBEDDING_BATCH", "texts", 1...2048) ?? limits.texts
        return EmbeddingService(
            baseURL: base, apiKey: try serviceKey("EMBEDDING_API_KEY"), model: name,
            dimensions: try number("EMBEDDING_DIMENSIONS", "dimensions", 1...Self.longestVector),
            prefixes: EmbeddingService.Prefixes(
                query: try prefix("EMBEDDING_QUERY_PREFIX"), passage: try prefix("EMBEDDING_PASSAGE_PREFIX")),
            limits: limits)
    }

    private func prefix(_ name: String) throws(Configuration.Problem) -> String {
        let text = text(name) ?? ""
        guard text.utf8.count <= Self.longestPrefix else {
            throw Configuration.Problem(description: "\(name) must have at most \(Self.longestPrefix) bytes")
        }
        return text
    }

    /// Reads the variables `RERANK_…`; nil if they name no service.
    func reranker() throws(Configuration.Problem) -> RerankService? {
        guard let base = try serviceURL("RERANK_BASE_URL", "such as https://api.jina.ai/v1") else { return nil }
        guard let name = text("RERANK_MODEL") else {
            throw Configuration.Problem(description: "RERANK_MODEL must name a model where RERANK_BASE_URL is set")
        }
        return RerankService(
            baseURL: base, apiKey: try serviceKey("RERANK_API_KEY"), model: name,
            seconds: try number("RERANK_SECONDS", "seconds", 1...Self.longestSearchStep),
            candidates: try number("RERANK_CANDIDATES", "passages", 1...200))
    }
}
