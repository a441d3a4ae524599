import Accounts
import Endpoint
import Models

/// Removes an account with its sessions, keys and conversations. Workspaces that nobody else owns go
/// to the administrator who removes it, or else to the one who has been there for longest.
@main struct DeleteUser: Function {
    static let route = Route.delete("/users/{userId}", tag: "Users", summary: "Delete an account").conditional()
    static let access = Access.manager

    struct Input: FunctionInput {
        let userId: User.ID

        init(from fields: inout Fields) { userId = fields.path("userId", .id(User.self), named: "User") }
    }

    static func handle(_ input: Input, by manager: Principal, in context: Context) throws -> Acknowledged {
        let store = try context.store
        try store.write {
            try context.requireMatch { try store.users.find(input.userId) }
            try UserManagement(store: store, actor: manager).remove(input.userId, at: context.now)
        }
        return Acknowledged("Account deleted")
    }
}
