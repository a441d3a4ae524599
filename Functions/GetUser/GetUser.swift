import Endpoint
import Models

/// Returns an account.
@main struct GetUser: Function {
    static let route = Route.get("/users/{userId}", tag: "Users", summary: "Show an account")
    static let access = Access.manager

    struct Input: FunctionInput {
        let userId: User.ID

        init(from fields: inout Fields) { userId = fields.path("userId", .id(User.self), named: "User") }
    }

    static func handle(_ input: Input, by _: Principal, in call: Call) throws -> User {
        try call.store.users.get(input.userId)
    }
}
