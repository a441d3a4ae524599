import Endpoint
import Models

/// Changes a workspace: any subset of its fields, and of its settings.
@main struct UpdateWorkspace: Function {
    static let route = Route.put("/workspaces/{workspaceId}", tag: "Workspaces", summary: "Change a workspace")
        .conditional()
    static let access = Access.member(.editor)

    struct Input: FunctionInput {
        let name: String?
        let description: String?
        let settings: WorkspaceSettings.Change?

        var changesNothing: Bool { name == nil && description == nil && settings == nil }

        init(from fields: inout Fields) {
            name = fields.optional("name", .name(1...100))
            description = fields.optional("description", .text(0...1000))
            settings = fields.optional("settings", .workspaceSettings, "Fields that are absent stay as they are.")
        }
    }

    static func handle(_ input: Input, by member: Member, in context: Context) throws -> Workspace {
        let (store, user) = (try context.store, member.user.userId)
        return try store.write {
            guard let current = try store.workspaces.find(member.workspaceId, asSeenBy: user)
            else { throw APIError.notFound("Workspace") }
            try context.requireMatch { current }
            if input.changesNothing { return current }
            let workspace = try store.workspaces.update(
                member.workspaceId, name: input.name, description: input.description, settings: input.settings,
                asSeenBy: user, at: context.now)
            try store.events.record(.workspaceUpdated, in: workspace.id, at: context.now, workspace)
            return workspace
        }
    }
}
