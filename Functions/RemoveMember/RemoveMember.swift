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
        try context.store.members.remove(input.userId, from: member.workspaceId)
        return Acknowledged("Member removed")
    }
}
