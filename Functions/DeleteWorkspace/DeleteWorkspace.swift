import Endpoint
import FunctionRuntime
import Models

/// Removes a workspace with its documents, conversations and stored files, all or nothing.
@main struct DeleteWorkspace: Function {
    static let route = Route.delete("/workspaces/{workspaceId}", tag: "Workspaces", summary: "Delete a workspace")
    static let access = Access.member(.owner)

    static func handle(_ input: NoInput, by member: Member, in context: Context) throws -> Acknowledged {
        try context.store.removeWorkspace(member.workspaceId)
        return Acknowledged("Workspace deleted")
    }
}
