import Accounts
import Endpoint
import Models

/// Changes the caller's own account. A new password requires the current one and ends all other sessions. A request
/// with `currentPassword` or `email` is also counted as a login attempt.
@main struct UpdateMe: Function {
    static let route = Route.put("/users/me", tag: "Users", summary: "Change your account").conditional()
    static let access = Access.session

    struct Input: FunctionInput {
        let change: User.Change
        let currentPassword: String?

        init(from fields: inout Fields) {
            let name = fields.optional("name", .name(1...100, example: "Ada Lovelace"))
            let email = fields.optional("email", .email)
            let password = fields.optional("password", .password, "A new one; requires `currentPassword`.")
            change = User.Change(email: email, name: name, password: password)
            currentPassword = fields.optional("currentPassword", .text(1...1000, example: "correct horse battery"))
        }
    }

    static func handle(_ input: Input, by caller: SessionCaller, in call: Call) throws -> User {
        // It could be a guess at the password, or a probe for whether an address has an account.
        if input.currentPassword != nil || input.change.email != nil { try call.countProof(of: caller.userId) }
        let authenticator = try call.authenticator
        let change = try authenticator.prepare(input.change, of: caller, currentPassword: input.currentPassword)
        return try call.update(with: input.change) {
            try call.store.users.get(caller.userId)
        } save: { user in
            try authenticator.save(user, with: change, by: caller)
        }
    }
}
