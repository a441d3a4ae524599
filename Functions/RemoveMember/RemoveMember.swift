import Endpoint
import Models
import Wire

/// Removes a member from a workspace. Owners may remove anybody, and every member may leave, except the last owner.
/// Given the id of an invitation, revokes it.
@main struct RemoveMember: Function {
    static let route = Route.delete(
        "/workspaces/{workspaceId}/members/{userId}", tag: "Members", summary: "Remove a member, or leave")
    static let access = Access.member(.viewer)

    struct Input: FunctionInput {
        let member: MemberReference

        init(from fields: inout Fields) { member = fields.path("userId", .memberReference, named: "Member") }
    }

    static func handle(_ input: Input, by member: Member, in call: Call) throws -> Empty {
        let isOneself = input.member.userId == member.user.userId
        if !isOneself, member.role != .owner {
            throw APIError.forbidden("Only owners may remove others from the workspace")
        }
        // A leaked key must not be able to lock everybody else out.
        if !isOneself { try member.user.require(.admin) }
        let (store, workspace) = (try call.store, member.workspaceId)
        try store.write {
            switch input.member {
            case .invitation(let id): try store.invitations.remove(id, from: workspace)
            case .user(let id):
                let wasInvited = try store.invitations.remove(of: id, from: workspace)
                guard let removed = try store.members.find(id, in: workspace) else {
                    if wasInvited { return }
                    throw APIError.notFound("Member")
                }
                try store.members.remove(id, from: workspace)
                try store.events.record(.memberRemoved, in: workspace, at: call.now, removed)
            }
        }
        return Empty(message: "Member removed")
    }
}

/// A member or a pending invitation.
enum MemberReference: Sendable {
    case user(User.ID)
    case invitation(Invitation.ID)

    var userId: User.ID? { if case .user(let id) = self { id } else { nil } }
}

extension ValueType where Value == MemberReference {
    /// A member's `userId`, or an `invitationId`.
    fileprivate static var memberReference: ValueType {
        let user = ValueType<User.ID>.id(User.self)
        let parse: @Sendable (String) throws(Invalid) -> MemberReference = { text throws(Invalid) in
            if let id = Invitation.ID(text) { return .invitation(id) }
            return .user(try user.parseText(text))
        }
        return ValueType(
            schema: {
                [
                    "type": "string", "pattern": "^(usr|inv)_[0-7][0-9A-HJKMNP-TV-Z]{25}$",
                    "description": "A member's `userId`, or the `invitationId` of one that is pending.",
                ]
            },
            example: .user(user.example), parse: { json throws(Invalid) in try parse(json.string ?? "") },
            parseText: parse)
    }
}
