import Endpoint
import FunctionRuntime
import Models
import Retrieval
import Storage
import Wire

/// Finds the passages of a workspace's documents that answer to a query.
@main struct SearchDocuments: Function {
    static let route = Route.post("/workspaces/{workspaceId}/search", tag: "Search", summary: "Search the documents")
        .reading()
    static let access = Access.member(.viewer)

    struct Input: FunctionInput {
        let query: String
        let limit: Int
        let threshold: Double
        let filter: PassageIndex.Filter

        init(from fields: inout Fields) {
            query = fields.required("query", .words(1...1000, example: "\"exact phrase\" word -excluded"))
            limit = fields.optional("limit", .integer(1...50, example: 10)) ?? 10
            threshold = fields.optional("threshold", .number(0...1), "Results that score below it are left out.") ?? 0
            // Without vectors every mode is answered by keywords, and the answer says so.
            _ = fields.optional("mode", .oneOf(example: SearchMode.hybrid))
            filter = fields.optional("filters", .searchFilter, "Which documents count.") ?? .init()
        }
    }

    static func handle(_ input: Input, by member: Member, in context: Context) throws -> SearchAnswer {
        let start = Stopwatch()
        let hits = try PassageSearch(context.store.passages).find(
            SearchQuery(parsing: input.query), in: member.workspaceId, filter: input.filter, limit: input.limit,
            threshold: input.threshold)
        return SearchAnswer(query: input.query, mode: .keyword, results: hits, milliseconds: start.milliseconds)
    }
}

enum SearchMode: String, JSONWord, Sendable { case hybrid, keyword, semantic }

struct SearchAnswer: Resource, Shaped, Sendable {
    var query: String
    /// The one that was used.
    var mode: SearchMode
    var results: [SearchHit]
    var milliseconds: Double

    static let shape = Shape<SearchAnswer>(
        "SearchAnswer",
        [
            .field("query") { $0.query },
            .field("mode", "The one that was used.") { $0.mode },
            .field("results") { $0.results },
            .field("total", "How many results there are here.") { $0.results.count },
            .field("tookMs") { $0.milliseconds },
        ])
}
