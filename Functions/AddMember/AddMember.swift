import Endpoint
import Models

/// Lets someone take part in a workspace. For someone who does already, it changes their role.
///
/// By e-mail address it is an invitation, and the answer is the same whether there is such an account or not: whoever
/// has the address, or makes an account with it within two weeks, becomes a member by their next visit.
@main struct AddMember: Function {
    static let route = Route.post("/workspaces/{workspaceId}/members", tag: "Members", summary: "Add a member")
        .requiresAdminScope()
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
            // One that is a member already is known to the owners by both.
            let known = try input.email.flatMap { try store.members.find($0, in: workspace)?.userId }
            if let email = input.email, known == nil {
                let asked = try store.invitations.invite(email, to: workspace, as: input.role, at: context.now)
                return Membership(member: WorkspaceMember(asked.invitation), isNew: asked.isNew)
            }
            guard let user = known ?? input.userId, try store.users.find(user) != nil else {
                throw APIError.notFound("User")
            }
            let isNew = try store.members.find(user, in: workspace) == nil
            let member = try store.members.set(user, in: workspace, role: input.role, at: context.now)
            try store.invitations.remove(of: user, from: workspace)
            if isNew { try store.events.record(.memberAdded, in: workspace, at: context.now, member) }
            return Membership(member: member, isNew: isNew)
        }
    }
}

/// 201 for someone who was no member and was not asked before, 200 for one who has another role now.
struct Membership: Reply {
    let member: WorkspaceMember
    let isNew: Bool

    static var descriptions: [Operation.ResponseDescription] {
        [.success(200, schema: WorkspaceMember.schema), .success(201, schema: WorkspaceMember.schema)]
    }
    static var repetition: Repetition { .inTransaction }
    func response() -> Response { .success(isNew ? 201 : 200, member) }
}
