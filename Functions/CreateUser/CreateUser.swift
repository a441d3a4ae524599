import Accounts
import Endpoint
import Models

/// Makes an account for someone else. Works while registration is closed, too.
@main struct CreateUser: Function {
    static let route = Route.post("/users", tag: "Users", summary: "Create an account for someone")
    static let access = Access.manager

    struct Input: FunctionInput {
        let email: EmailAddress
        let name: String
        let password: String
        let role: User.Role

        init(from fields: inout Fields) {
            email = fields.required("email", .email)
            name = fields.required("name", .name(1...100, example: "Ada Lovelace"))
            password = fields.required("password", .password)
            role =
                fields.optional("role", .oneOf(example: User.Role.user), "Not above your own; `user` if absent.")
                ?? .user
        }
    }

    static func handle(_ input: Input, by manager: Principal, in context: Context) throws -> CreatedSlowly<User> {
        let user = try UserManagement(store: context.store, actor: manager).create(
            email: input.email, name: input.name, password: input.password, role: input.role, at: context.now)
        return CreatedSlowly(user, location: context.location("/users/\(user.id)"), message: "Account created")
    }
}
