import Accounts
import Endpoint
import Models

/// Deletes an account with its sessions, keys and conversations. Workspaces without another owner go to the
/// administrator who deletes the account, or else to the longest-serving administrator.
@main struct DeleteUser: Function {
    static let route = Route.delete("/users/{userId}", tag: "Users", summary: "Delete an account").conditional()
    static let access = Access.manager

    struct Input: FunctionInput {
        let userId: User.ID

        init(from fields: inout Fields) { userId = fields.path("userId", .id(User.self), named: "User") }
    }

    static func handle(_ input: Input, by manager: Principal, in call: Call) throws -> Empty {
        let store = try call.store
        let management = UserManagement(store: store, actor: manager)
        try store.write {
            let user = try management.get(input.userId)
            try call.requireMatch(user)
            try management.remove(user, at: call.now)
        }
        return Empty(message: "Account deleted")
    }
}
