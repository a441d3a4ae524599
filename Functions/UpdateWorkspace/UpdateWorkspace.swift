import Endpoint
import Models

/// Changes any subset of a workspace's fields and settings.
@main struct UpdateWorkspace: Function {
    static let route = Route.put("/workspaces/{workspaceId}", tag: "Workspaces", summary: "Change a workspace")
        .conditional()
    static let access = Access.member(.editor)

    struct Input: FunctionInput {
        let change: Workspace.Change

        init(from fields: inout Fields) {
            change = Workspace.Change(
                name: fields.optional("name", .name(1...100)),
                description: fields.optional("description", .text(0...1000)),
                settings: fields.optional(
                    "settings", .workspaceSettings, "Fields that are absent stay as they are."))
        }
    }

    static func handle(_ input: Input, by member: Member, in call: Call) throws -> Workspace {
        let store = try call.store
        return try call.update(with: input.change) {
            try store.workspaces.get(member.workspaceId, asSeenBy: member.user.userId)
        } save: { workspace in
            try store.workspaces.save(workspace)
            try store.events.record(.workspaceUpdated, in: workspace.id, at: call.now, workspace)
        }
    }
}
