import Endpoint
import Models
import Search

/// Finds the passages of a workspace's documents that match a query.
@main struct SearchDocuments: Function {
    static let route = Route.post("/workspaces/{workspaceId}/search", tag: "Search", summary: "Search the documents")
        .readOnly()
    static let access = Access.member(.viewer)

    struct Input: FunctionInput {
        let request: SearchRequest

        init(from fields: inout Fields) { request = fields.searchRequest() }
    }

    static func handle(_ input: Input, by member: Member, in call: Call) throws -> SearchAnswer {
        let start = Stopwatch()
        let store = try call.store
        let search = PassageSearch(
            store, embedding: call.configuration.embedding, reranker: call.configuration.reranker,
            budgetMilliseconds: call.configuration.searchBudget)
        func workspaces() throws -> [WorkspaceName] { try call.workspaces([member.workspaceId], for: member.user) }
        try store.prefetch { ahead in
            ahead.add { _ = try workspaces() }
            search.prefetch(input.request, in: member.workspaceId, ahead)
        }
        guard let workspace = try workspaces().first else { throw APIError.notFound("Workspace") }
        var answer = try search.answer(input.request, in: workspace)
        answer.milliseconds = start.wholeMilliseconds
        return answer
    }
}
