import Accounts
import Endpoint
import Models

/// Exchanges a refresh token for a new pair. If it is used again within half a minute, and the new token has not been
/// used yet, it returns the same new refresh token: tabs refresh at the same time, and responses get lost. Any later
/// use ends the session, because it means that the token was stolen.
@main struct RefreshToken: Function {
    static let route = Route.post("/auth/refresh", tag: "Authentication", summary: "Get a new pair of tokens")
        .rateLimited(as: .authentication)
    static let access = Access.anyone

    struct Input: FunctionInput {
        let refreshToken: String

        var attempt: Attempt? { .refreshToken(refreshToken) }

        init(from fields: inout Fields) {
            refreshToken = fields.required("refreshToken", .text(1...1000, example: "nxr_…"))
        }
    }

    static func handle(_ input: Input, by _: Void, in call: Call) throws -> SignedIn {
        try call.authenticator.refresh(input.refreshToken, at: call.now)
    }
}
