import Endpoint
import Models
import Search

/// Finds the passages that match a query in several workspaces, or in all that the caller may read. A workspace that
/// the caller names but may not read does not exist for them: 404.
@main struct SearchWorkspaces: Function {
    static let route = Route.post("/search", tag: "Search", summary: "Search several workspaces").readOnly()
    static let access = Access.user

    struct Input: FunctionInput {
        let request: SearchRequest
        let workspaceIds: [Workspace.ID]?

        init(from fields: inout Fields) {
            request = fields.searchRequest()
            workspaceIds = fields.optional(
                "workspaceIds", .list(of: .id(Workspace.self), count: 0...100),
                "All that you may read if absent. An empty list matches nothing.")
        }
    }

    static func handle(_ input: Input, by user: Principal, in call: Call) throws -> SearchAnswer {
        let start = Stopwatch()
        _ = try call.acceptInvitations(of: user.userId)
        let workspaces = try call.workspaces(input.workspaceIds, for: user)
        let search = PassageSearch(
            try call.store, embedding: call.configuration.embedding, reranker: call.configuration.reranker,
            budgetMilliseconds: call.configuration.searchBudget)
        var answer = try search.answer(input.request, in: workspaces, named: input.workspaceIds != nil)
        answer.milliseconds = start.wholeMilliseconds
        return answer
    }
}
