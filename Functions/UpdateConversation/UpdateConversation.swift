import Endpoint
import Models

/// Renames a conversation of the caller's.
@main struct UpdateConversation: Function {
    static let route = Route.put(
        "/workspaces/{workspaceId}/conversations/{conversationId}", tag: "Chat", summary: "Rename a conversation"
    ).conditional()
    static let access = Access.member(.viewer)

    struct Input: FunctionInput {
        let conversationId: Conversation.ID
        let title: String?

        init(from fields: inout Fields) {
            conversationId = fields.path("conversationId", .id(Conversation.self), named: "Conversation")
            title = fields.optional("title", .name(1...200, example: "Licence questions"))
        }
    }

    static func handle(_ input: Input, by member: Member, in context: Context) throws -> Conversation {
        let (conversations, user) = (try context.store.conversations, member.user.userId)
        return try context.store.write {
            let found = try conversations.find(input.conversationId, in: member.workspaceId, of: user)
            try context.requireMatch { found }
            guard let found else { throw APIError.notFound("Conversation") }
            guard let title = input.title else { return found }
            return try conversations.rename(found.id, to: title, in: member.workspaceId, of: user)
        }
    }
}
