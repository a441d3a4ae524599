import Endpoint
import Models

/// Lists the messages of one of the caller's conversations, oldest first.
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

    static func handle(_ input: Input, by member: Member, in call: Call) throws -> Page<Message> {
        let conversations = try call.store.conversations
        _ = try conversations.get(input.conversationId, in: member.workspaceId, of: member.user.userId)
        return try conversations.messages(of: input.conversationId, page: input.page)
    }
}
