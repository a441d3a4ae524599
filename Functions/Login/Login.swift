import Accounts
import Endpoint
import Models

/// Exchanges an e-mail address and a password for tokens. Unknown addresses and wrong passwords get the same response,
/// after the same time.
@main struct Login: Function {
    static let route = Route.post("/auth/login", tag: "Authentication", summary: "Log in")
        .rateLimited(as: .authentication)
    static let access = Access.anyone

    struct Input: FunctionInput {
        let email: String
        let password: String

        var attempt: Attempt? { .password(email: email) }

        init(from fields: inout Fields) {
            email = fields.required("email", .text(1...1000, example: "ada@example.com"))
            password = fields.required("password", .text(1...1000, example: "correct horse battery"))
        }
    }

    static func handle(_ input: Input, by _: Void, in call: Call) throws -> SignedIn {
        try call.authenticator.logIn(email: input.email, password: input.password, at: call.now)
    }
}
