import Language
import Models
import Wire

extension Fields {
    /// The documents that a search or an answer is limited to.
    public mutating func documentFilter() -> DocumentFilter {
        optional("filters", .documentFilter, "Which documents count.") ?? DocumentFilter()
    }

    /// A search of passages.
    public mutating func searchRequest() -> SearchRequest {
        let query = required(
            "query", .words(1...1000, example: "\"exact phrase\" word -excluded"),
            "No text is an error. At most \(SearchQuery.maximumPhrases) phrases of \(SearchQuery.maximumPhraseWords) words; what goes beyond that is words like all others."
        )
        let limit = optional("limit", .integer(1...50, example: 10)) ?? 10
        let threshold = optional("threshold", .number(0...1), "Results that score below it are left out.") ?? 0
        let mode: SearchMode =
            optional(
                "mode", .oneOf(example: SearchMode.hybrid),
                "By words, by meaning, or by both. Without vectors (`embedding` of documents), by words alone; the answer says so. `semantic` finds only passages that have vectors."
            ) ?? .hybrid
        let explains = optional("explain", .flag, "Each result tells why it has its score.") ?? false
        return SearchRequest(
            query: query, mode: mode, limit: limit, threshold: threshold, filter: documentFilter(), explains: explains)
    }
}
