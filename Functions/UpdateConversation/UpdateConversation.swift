import Endpoint
import Models

/// Renames one of the caller's conversations.
@main struct UpdateConversation: Function {
    static let route = Route.put(
        "/workspaces/{workspaceId}/conversations/{conversationId}", tag: "Chat", summary: "Rename a conversation"
    ).conditional()
    static let access = Access.member(.viewer)

    struct Input: FunctionInput {
        let conversationId: Conversation.ID
        let change: Conversation.Change

        init(from fields: inout Fields) {
            conversationId = fields.path("conversationId", .id(Conversation.self), named: "Conversation")
            change = Conversation.Change(title: fields.optional("title", .name(1...200, example: "Licence questions")))
        }
    }

    static func handle(_ input: Input, by member: Member, in call: Call) throws -> Conversation {
        let conversations = try call.store.conversations
        return try call.update(with: input.change) {
            try conversations.get(input.conversationId, in: member.workspaceId, of: member.user.userId)
        } save: { conversation in
            try conversations.save(conversation)
        }
    }
}
