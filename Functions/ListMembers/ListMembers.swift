import Endpoint
import Models

/// Lists the members of a workspace in the order they joined. Owners also see pending invitations, listed last.
@main struct ListMembers: Function {
    static let route = Route.get("/workspaces/{workspaceId}/members", tag: "Members", summary: "List members")
    static let access = Access.member(.viewer)

    struct Input: FunctionInput {
        let page: PageRequest

        init(from fields: inout Fields) { page = fields.pageRequest() }
    }

    static func handle(_ input: Input, by member: Member, in call: Call) throws -> Page<WorkspaceMember> {
        let members = try call.store.members
        guard member.role == .owner else { return try members.list(of: member.workspaceId, page: input.page) }
        return try members.listWithInvitations(of: member.workspaceId, page: input.page, at: call.now)
    }
}
