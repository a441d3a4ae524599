import Endpoint
import Models

/// Lists the caller's conversations in a workspace, newest first.
@main struct ListConversations: Function {
    static let route = Route.get(
        "/workspaces/{workspaceId}/conversations", tag: "Chat", summary: "List your conversations")
    static let access = Access.member(.viewer)

    struct Input: FunctionInput {
        let page: PageRequest
        let search: String?

        init(from fields: inout Fields) {
            page = fields.pageRequest()
            search = fields.query("search", .searchText, "In the title.")
        }
    }

    static func handle(_ input: Input, by member: Member, in call: Call) throws -> Page<Conversation> {
        try call.store.conversations.list(
            in: member.workspaceId, of: member.user.userId, search: input.search, page: input.page)
    }
}
