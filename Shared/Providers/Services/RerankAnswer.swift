import Wire

/// Reads scores from the answer to `POST /rerank`: `{"results": [{"index", "relevance_score"}]}`, with `data` instead
/// of `results` from Voyage, or TEI's list `[{"index", "score"}]`.
enum RerankAnswer {
    /// - Parameter count: how many documents were sent.
    /// - Returns: the score of each, as the server gave it.
    static func scores(in body: [UInt8], count: Int) throws(ProviderFailure) -> [Double] {
        guard
            let answer = try? body.withUnsafeBufferPointer({ try JSONReader.parse($0, repairsSurrogates: true) })
        else { throw .malformed("no JSON") }
        if let error = answer["error"], !error.isNull {
            let message = ProviderMessage(answer)
            guard let status = ProviderMessage.status(in: error) else { throw .error(message) }
            throw .status(status, retryAfter: nil, message)
        }
        guard let results = (answer["results"] ?? answer["data"] ?? answer).array else {
            throw .malformed("no list of scores")
        }
        guard results.count == count else { throw .malformed("\(results.count) scores for \(count) documents") }
        var scores = [Double?](repeating: nil, count: count)
        for result in results {
            guard let index = result["index"]?.int, scores.indices.contains(index) else {
                throw .malformed("a score for no document")
            }
            guard let score = (result["relevance_score"] ?? result["score"])?.double, score.isFinite else {
                throw .malformed("a score that is no number")
            }
            guard scores[index] == nil else { throw .malformed("two scores for one document") }
            scores[index] = score
        }
        return scores.compactMap { $0 }
    }
}
