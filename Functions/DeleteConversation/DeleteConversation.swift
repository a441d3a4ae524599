import Endpoint
import Models

/// Removes a conversation of the caller's with its messages.
@main struct DeleteConversation: Function {
    static let route = Route.delete(
        "/workspaces/{workspaceId}/conversations/{conversationId}", tag: "Chat", summary: "Delete a conversation"
    ).conditional()
    static let access = Access.member(.viewer)

    struct Input: FunctionInput {
        let conversationId: Conversation.ID

        init(from fields: inout Fields) {
            conversationId = fields.path("conversationId", .id(Conversation.self), named: "Conversation")
        }
    }

    static func handle(_ input: Input, by member: Member, in context: Context) throws -> Acknowledged {
        let (store, user) = (try context.store, member.user.userId)
        try store.write {
            guard
                let conversation = try store.conversations.find(input.conversationId, in: member.workspaceId, of: user)
            else { throw APIError.notFound("Conversation") }
            try context.requireMatch { conversation }
            try store.conversations.remove(conversation.id, in: member.workspaceId, of: user)
            try store.events.record(.conversationEnded, in: member.workspaceId, at: context.now, conversation)
        }
        return Acknowledged("Conversation deleted")
    }
}
