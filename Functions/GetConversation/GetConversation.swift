import Endpoint
import Models

/// Shows a conversation of the caller's.
@main struct GetConversation: Function {
    static let route = Route.get(
        "/workspaces/{workspaceId}/conversations/{conversationId}", tag: "Chat", summary: "Show a conversation")
    static let access = Access.member(.viewer)

    struct Input: FunctionInput {
        let conversationId: Conversation.ID

        init(from fields: inout Fields) {
            conversationId = fields.path("conversationId", .id(Conversation.self), named: "Conversation")
        }
    }

    static func handle(_ input: Input, by member: Member, in context: Context) throws -> Conversation {
        let found = try context.store.conversations.find(
            input.conversationId, in: member.workspaceId, of: member.user.userId)
        guard let found else { throw APIError.notFound("Conversation") }
        return found
    }
}
