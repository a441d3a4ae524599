import Endpoint
import Models

/// Deletes a workspace with its documents, conversations and stored files, atomically.
@main struct DeleteWorkspace: Function {
    static let route = Route.delete("/workspaces/{workspaceId}", tag: "Workspaces", summary: "Delete a workspace")
        .conditional()
    static let access = Access.member(.owner)

    static func handle(_ input: NoInput, by member: Member, in call: Call) throws -> Empty {
        let store = try call.store
        try store.removeWorkspace(member.workspaceId) {
            let workspace = try store.workspaces.get(member.workspaceId, asSeenBy: member.user.userId)
            try call.requireMatch(workspace)
            try store.events.record(.workspaceDeleted, in: workspace.id, at: call.now, workspace)
        }
        return Empty(message: "Workspace deleted")
    }
}
