import Endpoint
import Models

/// Creates a workspace. The caller becomes its owner.
@main struct CreateWorkspace: Function {
    static let route = Route.post("/workspaces", tag: "Workspaces", summary: "Create a workspace")
        .idempotent(.inTransaction)
    static let access = Access.user

    struct Input: FunctionInput {
        let name: String
        let description: String?
        let settings: WorkspaceSettings

        init(from fields: inout Fields) {
            name = fields.required("name", .name(1...100))
            description = fields.optional("description", .text(0...1000))
            let change = fields.optional("settings", .workspaceSettings)
            settings = change?.applied(to: WorkspaceSettings()) ?? WorkspaceSettings()
        }
    }

    static func handle(_ input: Input, by user: Principal, in call: Call) throws -> Created<Workspace> {
        let store = try call.store
        let workspace = try store.write {
            let workspace = try store.workspaces.create(
                name: input.name, description: input.description ?? "", settings: input.settings, owner: user.userId,
                at: call.now)
            try store.events.record(.workspaceCreated, in: workspace.id, at: call.now, workspace)
            return workspace
        }
        return Created(
            workspace, location: call.location("/workspaces/\(workspace.id)"), message: "Workspace created")
    }
}
