import Endpoint
import Language
import Models
import Search
import Storage
import Wire

/// Finds the passages of a workspace's documents that match a query.
@main struct SearchDocuments: Function {
    static let route = Route.post("/workspaces/{workspaceId}/search", tag: "Search", summary: "Search the documents")
        .readOnly()
    static let access = Access.member(.viewer)

    struct Input: FunctionInput {
        let query: String
        let limit: Int
        let threshold: Double
        let filter: DocumentFilter

        init(from fields: inout Fields) {
            query = fields.required(
                "query", .words(1...1000, example: "\"exact phrase\" word -excluded"),
                "No text is an error. At most \(SearchQuery.maximumPhrases) phrases of \(SearchQuery.maximumPhraseWords) words; what goes beyond that is words like all others."
            )
            limit = fields.optional("limit", .integer(1...50, example: 10)) ?? 10
            threshold = fields.optional("threshold", .number(0...1), "Results that score below it are left out.") ?? 0
            // Without vectors, every mode falls back to keywords, and the response says so.
            _ = fields.optional("mode", .oneOf(example: SearchMode.hybrid))
            filter = fields.documentFilter()
        }
    }

    static func handle(_ input: Input, by member: Member, in call: Call) throws -> SearchAnswer {
        let start = Stopwatch()
        let found = try PassageSearch(
            call.store, budgetMilliseconds: call.configuration.searchBudget
        ).find(
            typed: input.query, in: member.workspaceId, filter: input.filter, limit: input.limit,
            threshold: input.threshold)
        return SearchAnswer(
            query: input.query, mode: .keyword, results: found.hits, isPartial: found.isPartial,
            milliseconds: start.wholeMilliseconds)
    }
}

enum SearchMode: String, JSONWord, Sendable { case hybrid, keyword, semantic }

struct SearchAnswer: DataReply, Shaped, Sendable {
    var query: String
    /// The mode that was used.
    var mode: SearchMode
    var results: [SearchHit]
    var isPartial: Bool
    var milliseconds: Int

    static let shape = Shape<SearchAnswer>(
        "SearchAnswer",
        [
            .field("query") { $0.query },
            .field("mode", "The one that was used.") { $0.mode },
            .field(
                "results",
                "Best first. Of equal scores, the newest document first; of documents of the same name, the newer first if it scores at most a fifth less."
            ) { $0.results },
            .field("total", "How many results there are here.") { $0.results.count },
            .field(
                "partial",
                "The search took more than the installation allows: these are the best results that it found until then."
            ) { $0.isPartial },
            .field("tookMs", "Whole milliseconds, rounded up.") { $0.milliseconds },
        ])
}
