import Endpoint
import Models

/// Returns one of the caller's conversations.
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

    static func handle(_ input: Input, by member: Member, in call: Call) throws -> Conversation {
        try call.store.conversations.get(input.conversationId, in: member.workspaceId, of: member.user.userId)
    }
}
