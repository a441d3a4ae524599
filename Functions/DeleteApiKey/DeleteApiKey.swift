import Endpoint
import Models

/// Revokes one of the caller's API keys. It stops working at once.
@main struct DeleteApiKey: Function {
    static let route = Route.delete("/api-keys/{keyId}", tag: "API keys", summary: "Revoke an API key")
    static let access = Access.session

    struct Input: FunctionInput {
        let keyId: APIKey.ID

        init(from fields: inout Fields) { keyId = fields.path("keyId", .id(APIKey.self), named: "API key") }
    }

    static func handle(_ input: Input, by caller: SessionCaller, in call: Call) throws -> Empty {
        try call.store.apiKeys.remove(input.keyId, of: caller.userId)
        return Empty(message: "API key revoked")
    }
}
