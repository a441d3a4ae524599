import Accounts
import Endpoint
import Models

/// Creates an account for somebody else, even while registration is closed.
@main struct CreateUser: Function {
    static let route = Route.post("/users", tag: "Users", summary: "Create an account for someone")
        .idempotent(.claim)
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

    static func handle(_ input: Input, by manager: Principal, in call: Call) throws -> Created<User> {
        let user = try UserManagement(store: call.store, actor: manager).create(
            email: input.email, name: input.name, password: input.password, role: input.role, at: call.now)
        return Created(user, location: call.location("/users/\(user.id)"), message: "Account created")
    }
}
