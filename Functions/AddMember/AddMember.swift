import Endpoint
import FunctionRuntime
import Models

/// Lets someone take part in a workspace. For someone who does already, it changes their role.
@main struct AddMember: Function {
    static let route = Route.post("/workspaces/{workspaceId}/members", tag: "Members", summary: "Add a member")
        .delicate()
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

    static func handle(_ input: Input, by member: Member, in context: Context) throws -> Membership {
        let (store, workspace) = (try context.store, member.workspaceId)
        return try store.write {
            let user = try user(input, in: context)
            let isNew = try store.members.find(user, in: workspace) == nil
            let member = try store.members.set(user, in: workspace, role: input.role, at: context.now)
            if isNew { try store.events.record(.memberAdded, in: workspace, at: context.now, member) }
            return Membership(member: member, isNew: isNew)
        }
    }

    private static func user(_ input: Input, in context: Context) throws -> User.ID {
        let users = try context.store.users
        let user = try input.userId.flatMap { try users.find($0) } ?? input.email.flatMap { try users.find(email: $0) }
        guard let user else { throw APIError.notFound("User") }
        return user.id
    }
}

/// 201 for someone who was no member, 200 for one who has another role now.
struct Membership: Reply {
    let member: WorkspaceMember
    let isNew: Bool

    static var descriptions: [Operation.ResponseDescription] {
        [.success(200, schema: WorkspaceMember.schema), .success(201, schema: WorkspaceMember.schema)]
    }
    static var repetition: Repetition { .inTransaction }
    func response() -> Response { .success(isNew ? 201 : 200, member) }
}
