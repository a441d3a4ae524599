import Endpoint
import Models

/// Removes a workspace with its documents, conversations and stored files, all or nothing.
@main struct DeleteWorkspace: Function {
    static let route = Route.delete("/workspaces/{workspaceId}", tag: "Workspaces", summary: "Delete a workspace")
        .conditional()
    static let access = Access.member(.owner)

    static func handle(_ input: NoInput, by member: Member, in context: Context) throws -> Acknowledged {
        let store = try context.store
        try store.removeWorkspace(member.workspaceId) {
            guard let workspace = try store.workspaces.find(member.workspaceId, asSeenBy: member.user.userId)
            else { throw APIError.notFound("Workspace") }
            try context.requireMatch { workspace }
            try store.events.record(.workspaceDeleted, in: workspace.id, at: context.now, workspace)
        }
        return Acknowledged("Workspace deleted")
    }
}
