import Accounts
import Endpoint
import Models

/// Changes the caller's own account. A new password takes the current one and ends all other
/// sessions. What has `currentPassword` or `email` counts as an attempt to log in, too.
@main struct UpdateMe: Function {
    static let route = Route.put("/users/me", tag: "Users", summary: "Change your account").conditional()
    static let access = Access.session

    struct Input: FunctionInput {
        let name: String?
        let email: EmailAddress?
        let password: String?
        let currentPassword: String?

        init(from fields: inout Fields) {
            name = fields.optional("name", .name(1...100, example: "Ada Lovelace"))
            email = fields.optional("email", .email)
            password = fields.optional("password", .password, "A new one; takes `currentPassword` too.")
            currentPassword = fields.optional("currentPassword", .text(1...1000, example: "correct horse battery"))
        }
    }

    static func handle(_ input: Input, by caller: SessionCaller, in context: Context) throws -> User {
        // A guess at the password, or at who has an account.
        if input.currentPassword != nil || input.email != nil { try context.countProof(of: caller.userId) }
        let store = try context.store
        return try context.authenticator.update(
            caller, email: input.email, name: input.name, password: input.password,
            currentPassword: input.currentPassword, at: context.now
        ) { try context.requireMatch { try store.users.find(caller.userId) } }
    }
}
