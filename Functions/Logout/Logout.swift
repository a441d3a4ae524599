import Accounts
import Endpoint
import Models

/// Ends the caller's session: its access and refresh tokens stop working at once.
@main struct Logout: Function {
    static let route = Route.post("/auth/logout", tag: "Authentication", summary: "Log out")
    static let access = Access.session

    static func handle(_ input: NoInput, by caller: SessionCaller, in call: Call) throws -> Empty {
        try call.authenticator.logOut(caller, at: call.now)
        return Empty(message: "Logged out")
    }
}
