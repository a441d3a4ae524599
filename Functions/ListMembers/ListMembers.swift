import Endpoint
import FunctionRuntime
import Models

/// Lists who takes part in a workspace, in the order in which they joined.
@main struct ListMembers: Function {
    static let route = Route.get("/workspaces/{workspaceId}/members", tag: "Members", summary: "List members")
    static let access = Access.member(.viewer)

    struct Input: FunctionInput {
        let page: PageRequest

        init(from fields: inout Fields) { page = fields.pageRequest() }
    }

    static func handle(_ input: Input, by member: Member, in context: Context) throws -> Page<WorkspaceMember> {
        try context.store.members.list(of: member.workspaceId, page: input.page)
    }
}
