import Accounts
import Endpoint
import Models

/// Changes someone's account. Suspending it ends its sessions and keys at once.
@main struct UpdateUser: Function {
    static let route = Route.put("/users/{userId}", tag: "Users", summary: "Change an account").conditional()
    static let access = Access.manager

    struct Input: FunctionInput {
        let userId: User.ID
        let email: EmailAddress?
        let name: String?
        let password: String?
        let role: User.Role?
        let status: User.Status?

        init(from fields: inout Fields) {
            userId = fields.path("userId", .id(User.self), named: "User")
            email = fields.optional("email", .email)
            name = fields.optional("name", .name(1...100, example: "Ada Lovelace"))
            password = fields.optional("password", .password, "A new one; it ends all sessions of the account.")
            role = fields.optional("role", .oneOf(example: User.Role.manager), "Not above your own.")
            status = fields.optional("status", .oneOf(example: User.Status.suspended))
        }
    }

    static func handle(_ input: Input, by manager: Principal, in context: Context) throws -> User {
        let store = try context.store
        return try UserManagement(store: store, actor: manager).update(
            input.userId, email: input.email, name: input.name, password: input.password, role: input.role,
            status: input.status, at: context.now
        ) { try context.requireMatch { try store.users.find(input.userId) } }
    }
}
