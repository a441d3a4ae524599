import Endpoint
import FunctionRuntime
import Models

/// Renames a conversation of the caller's.
@main struct UpdateConversation: Function {
    static let route = Route.put(
        "/workspaces/{workspaceId}/conversations/{conversationId}", tag: "Chat", summary: "Rename a conversation"
    ).conditional()
    static let access = Access.member(.viewer)

    struct Input: FunctionInput {
        let conversationId: Conversation.ID
        let title: String

        init(from fields: inout Fields) {
            conversationId = fields.path("conversationId", .id(Conversation.self), named: "Conversation")
            title = fields.required("title", .name(1...200, example: "Licence questions"))
        }
    }

    static func handle(_ input: Input, by member: Member, in context: Context) throws -> Conversation {
        let (conversations, user) = (try context.store.conversations, member.user.userId)
        return try context.store.write {
            try context.requireMatch { try conversations.find(input.conversationId, in: member.workspaceId, of: user) }
            return try conversations.rename(input.conversationId, to: input.title, in: member.workspaceId, of: user)
        }
    }
}
