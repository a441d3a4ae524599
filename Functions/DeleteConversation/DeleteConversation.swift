import Endpoint
import FunctionRuntime
import Models

/// Removes a conversation of the caller's with its messages.
@main struct DeleteConversation: Function {
    static let route = Route.delete(
        "/workspaces/{workspaceId}/conversations/{conversationId}", tag: "Chat", summary: "Delete a conversation")
    static let access = Access.member(.viewer)

    struct Input: FunctionInput {
        let conversationId: Conversation.ID

        init(from fields: inout Fields) {
            conversationId = fields.path("conversationId", .id(Conversation.self), named: "Conversation")
        }
    }

    static func handle(_ input: Input, by member: Member, in context: Context) throws -> Acknowledged {
        let (conversations, user) = (try context.store.conversations, member.user.userId)
        try context.store.write {
            try context.requireMatch { try conversations.find(input.conversationId, in: member.workspaceId, of: user) }
            try conversations.remove(input.conversationId, in: member.workspaceId, of: user)
        }
        return Acknowledged("Conversation deleted")
    }
}
