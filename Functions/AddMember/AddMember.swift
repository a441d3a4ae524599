import Endpoint
import Models

/// Adds a member to a workspace, or changes the role of an existing member, for which the contract has no other
/// endpoint.
///
/// An e-mail address is always invited, and the response does not show whether it has an account. Its owner, who may
/// also register within two weeks, becomes a member on their next visit.
@main struct AddMember: Function {
    static let route = Route.post("/workspaces/{workspaceId}/members", tag: "Members", summary: "Add a member")
        .requiresAdminScope().idempotent(.inTransaction)
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

    static func handle(_ input: Input, by member: Member, in call: Call) throws -> Membership {
        let (store, workspace) = (try call.store, member.workspaceId)
        return try store.write {
            // Owners see the members' addresses and ids anyway, so this reveals nothing.
            let known = try input.email.flatMap { try store.members.find($0, in: workspace)?.userId }
            if let email = input.email, known == nil {
                let asked = try store.invitations.invite(email, to: workspace, as: input.role, at: call.now)
                return Membership(member: WorkspaceMember(asked.invitation), isNew: asked.isNew)
            }
            guard let user = known ?? input.userId, try store.users.find(user) != nil else {
                throw APIError.notFound("User")
            }
            let isNew = try store.members.find(user, in: workspace) == nil
            let member = try store.members.set(user, in: workspace, role: input.role, at: call.now)
            try store.invitations.remove(of: user, from: workspace)
            if isNew { try store.events.record(.memberAdded, in: workspace, at: call.now, member) }
            return Membership(member: member, isNew: isNew)
        }
    }
}

/// 201 for a new member or invitation, 200 for a changed role.
struct Membership: Reply {
    let member: WorkspaceMember
    let isNew: Bool

    static var descriptions: [Operation.ResponseDescription] {
        [.success(200, schema: WorkspaceMember.schema), .success(201, schema: WorkspaceMember.schema)]
    }
    func response() -> Response { .success(isNew ? 201 : 200, member) }
}
