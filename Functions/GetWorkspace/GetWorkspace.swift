import Endpoint
import Models

/// Returns a workspace.
@main struct GetWorkspace: Function {
    static let route = Route.get("/workspaces/{workspaceId}", tag: "Workspaces", summary: "Show a workspace")
    static let access = Access.member(.viewer)

    static func handle(_ input: NoInput, by member: Member, in call: Call) throws -> Workspace {
        try call.store.workspaces.get(member.workspaceId, asSeenBy: member.user.userId)
    }
}
