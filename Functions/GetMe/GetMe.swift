import Endpoint
import Models

/// Returns the caller's own account.
@main struct GetMe: Function {
    static let route = Route.get("/users/me", tag: "Users", summary: "Show your account")
    static let access = Access.user

    static func handle(_ input: NoInput, by user: Principal, in call: Call) throws -> User {
        try call.store.users.get(user.userId)
    }
}
