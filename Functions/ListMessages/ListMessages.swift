import Endpoint
import Models

/// Lists the messages of a conversation of the caller's, the oldest first.
@main struct ListMessages: Function {
    static let route = Route.get(
        "/workspaces/{workspaceId}/conversations/{conversationId}/messages", tag: "Chat", summary: "List messages")
    static let access = Access.member(.viewer)

    struct Input: FunctionInput {
        let conversationId: Conversation.ID
        let page: PageRequest

        init(from fields: inout Fields) {
            conversationId = fields.path("conversationId", .id(Conversation.self), named: "Conversation")
            page = fields.pageRequest()
        }
    }

    static func handle(_ input: Input, by member: Member, in context: Context) throws -> Page<Message> {
        let conversations = try context.store.conversations
        guard try conversations.find(input.conversationId, in: member.workspaceId, of: member.user.userId) != nil
        else { throw APIError.notFound("Conversation") }
        return try conversations.messages(of: input.conversationId, page: input.page)
    }
}
