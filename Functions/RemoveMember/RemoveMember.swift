import Accounts
import Endpoint
import FunctionRuntime
import Models

/// Takes a member out of a workspace. Owners remove anyone, everyone may leave; the last owner stays.
@main struct RemoveMember: Function {
    static let route = Route.delete(
        "/workspaces/{workspaceId}/members/{userId}", tag: "Members", summary: "Remove a member, or leave")
    static let access = Access.member(.viewer)

    struct Input: FunctionInput {
        let userId: User.ID

        init(from fields: inout Fields) { userId = fields.path("userId", .id(User.self), named: "Member") }
    }

    static func handle(_ input: Input, by member: Member, in context: Context) throws -> Acknowledged {
        if input.userId != member.user.userId, member.role != .owner {
            throw APIError.forbidden("Only owners remove others from the workspace")
        }
        // A leaked key must not be able to lock the others out.
        if input.userId != member.user.userId { try member.user.require(.admin) }
        let store = try context.store
        try store.write {
            guard let removed = try store.members.find(input.userId, in: member.workspaceId)
            else { throw APIError.notFound("Member") }
            try store.members.remove(removed.userId, from: member.workspaceId)
            try store.events.record(.memberRemoved, in: member.workspaceId, at: context.now, removed)
        }
        return Acknowledged("Member removed")
    }
}
