import Endpoint
import Models

/// Shows a workspace.
@main struct GetWorkspace: Function {
    static let route = Route.get("/workspaces/{workspaceId}", tag: "Workspaces", summary: "Show a workspace")
    static let access = Access.member(.viewer)

    static func handle(_ input: NoInput, by member: Member, in context: Context) throws -> Workspace {
        guard let workspace = try context.store.workspaces.find(member.workspaceId, asSeenBy: member.user.userId)
        else { throw APIError.notFound("Workspace") }
        return workspace
    }
}
