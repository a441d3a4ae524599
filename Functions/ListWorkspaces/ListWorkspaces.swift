import Endpoint
import Models
import Storage

/// Lists the caller's workspaces. Administrators see all workspaces.
@main struct ListWorkspaces: Function {
    static let route = Route.get("/workspaces", tag: "Workspaces", summary: "List workspaces")
    static let access = Access.user

    struct Input: FunctionInput {
        let page: PageRequest
        let search: String?
        let sort: WorkspaceStore.Sort

        init(from fields: inout Fields) {
            page = fields.pageRequest()
            search = fields.query("search", .searchText, "In name and description.")
            sort = fields.query("sort", .oneOf(example: .name), default: .createdAtDescending, "`-` for descending.")
        }
    }

    static func handle(_ input: Input, by user: Principal, in call: Call) throws -> Page<Workspace> {
        let store = try call.store
        func list() throws -> Page<Workspace> {
            try store.workspaces.list(for: user.workspaces, search: input.search, sort: input.sort, page: input.page)
        }
        try store.prefetch { ahead in
            ahead.add { _ = try call.acceptInvitations(of: user.userId) }
            ahead.add { _ = try list() }
        }
        _ = try call.acceptInvitations(of: user.userId)
        return try list()
    }
}
