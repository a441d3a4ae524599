import Accounts
import Endpoint
import Models

/// Creates an account and logs in. The first account of an installation becomes its administrator.
@main struct Register: Function {
    static let route = Route.post("/auth/register", tag: "Authentication", summary: "Create an account")
        .rateLimited(as: .authentication).idempotent(.claim)
    static let access = Access.anyone

    struct Input: FunctionInput {
        let email: EmailAddress
        let password: String
        let name: String

        var attempt: Attempt? { .password(email: email.text) }

        init(from fields: inout Fields) {
            email = fields.required("email", .email, "Compared without regard to case.")
            password = fields.required("password", .password)
            name = fields.required("name", .name(1...100, example: "Ada Lovelace"))
        }
    }

    static func handle(_ input: Input, by _: Void, in call: Call) throws -> Created<SignedIn> {
        guard call.configuration.isRegistrationOpen else {
            throw APIError.forbidden("Registration is closed; ask an administrator for an account")
        }
        try call.countRegistration()
        let login = try call.authenticator.register(
            email: input.email, password: input.password, name: input.name, at: call.now)
        return Created(login, location: call.location("/users/me"), message: "Account created")
    }
}
