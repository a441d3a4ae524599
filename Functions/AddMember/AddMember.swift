import Endpoint
import FunctionRuntime
import Models

/// Lets someone take part in a workspace. For someone who does already, it changes their role.
@main struct AddMember: Function {
    static let route = Route.post("/workspaces/{workspaceId}/members", tag: "Members", summary: "Add a member")
    static let access = Access.member(.owner)

    struct Input: FunctionInput {
        let userId: User.ID?
        let email: EmailAddress?
        let role: MemberRole

        init(from fields: inout Fields) {
            userId = fields.optional("userId", .id(User.self), "Either this or `email`.")
            email = fields.optional("email", .email)
            fields.exactlyOne(of: ["userId", "email"])
            role = fields.required("role", .oneOf(example: MemberRole.editor))
        }
    }

    static func handle(_ input: Input, by member: Member, in context: Context) throws -> Created<WorkspaceMember> {
        let store = try context.store
        let added = try store.write {
            let user = try user(input, in: context)
            let added = try store.members.set(user, in: member.workspaceId, role: input.role, at: context.now)
            try store.events.record(.memberAdded, in: member.workspaceId, at: context.now, added)
            return added
        }
        return Created(added, location: "/api/v1/workspaces/\(member.workspaceId)/members/\(added.userId)")
    }

    private static func user(_ input: Input, in context: Context) throws -> User.ID {
        let users = try context.store.users
        let user = try input.userId.flatMap { try users.find($0) } ?? input.email.flatMap { try users.find(email: $0) }
        guard let user else { throw APIError.notFound("User") }
        return user.id
    }
}
