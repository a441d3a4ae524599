import Accounts
import Endpoint
import Models

/// Exchanges a refresh token for a new pair. Used again within half a minute, and before the new one was used, it returns
/// the same new refresh token: for tabs that refresh at once, and for lost responses. Any later use ends its session, because
/// then there is a stolen copy.
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
