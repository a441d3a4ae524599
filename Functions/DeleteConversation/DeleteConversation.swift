import Endpoint
import Models

/// Deletes one of the caller's conversations with its messages.
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

    static func handle(_ input: Input, by member: Member, in call: Call) throws -> Empty {
        let (store, user) = (try call.store, member.user.userId)
        try store.write {
            let conversation = try store.conversations.get(input.conversationId, in: member.workspaceId, of: user)
            try call.requireMatch(conversation)
            try store.conversations.remove(conversation.id, in: member.workspaceId, of: user)
            try store.events.record(.conversationEnded, in: member.workspaceId, at: call.now, conversation)
        }
        return Empty(message: "Conversation deleted")
    }
}
