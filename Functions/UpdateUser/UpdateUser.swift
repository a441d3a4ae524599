import Accounts
import Endpoint
import Models

/// Changes an account. Suspending it ends its sessions and keys at once.
@main struct UpdateUser: Function {
    static let route = Route.put("/users/{userId}", tag: "Users", summary: "Change an account").conditional()
    static let access = Access.manager

    struct Input: FunctionInput {
        let userId: User.ID
        let change: User.Change

        init(from fields: inout Fields) {
            userId = fields.path("userId", .id(User.self), named: "User")
            change = User.Change(
                email: fields.optional("email", .email),
                name: fields.optional("name", .name(1...100, example: "Ada Lovelace")),
                password: fields.optional("password", .password, "A new one; it ends all sessions of the account."),
                role: fields.optional("role", .oneOf(example: User.Role.manager), "Not above your own."),
                status: fields.optional("status", .oneOf(example: User.Status.suspended)))
        }
    }

    static func handle(_ input: Input, by manager: Principal, in call: Call) throws -> User {
        let management = UserManagement(store: try call.store, actor: manager)
        let change = try management.prepare(input.change, of: input.userId)
        return try call.update(with: input.change) {
            try management.get(input.userId)
        } save: { user in
            try management.save(user, with: change)
        }
    }
}
