import Accounts
import Endpoint
import Models
import Wire

/// Creates an API key for the caller's account. The key is shown only this once.
@main struct CreateApiKey: Function {
    static let route = Route.post("/api-keys", tag: "API keys", summary: "Create an API key")
        .idempotent(.inTransaction)
    static let access = Access.session

    struct Input: FunctionInput {
        let name: String
        let scopes: [APIKey.Scope]
        let expiresAt: Timestamp?

        init(from fields: inout Fields) {
            name = fields.required("name", .name(1...100, example: "Nightly import"))
            scopes =
                fields.optional(
                    "scopes", .list(of: .oneOf(example: .read), count: 1...3),
                    "What it may do; each scope includes the ones before it. `read` and `write` by default."
                ) ?? [.write]
            expiresAt = fields.optional("expiresAt", .timestamp, "When it stops working; never, if absent.")
        }
    }

    static func handle(_ input: Input, by caller: SessionCaller, in call: Call) throws -> Created<NewAPIKey> {
        if let expiry = input.expiresAt, expiry <= call.now {
            throw APIError.validation("expiresAt", "expiresAt must be in the future")
        }
        let key = try APIKeys.make(
            name: input.name, scope: input.scopes.max() ?? .write, expiresAt: input.expiresAt, for: caller.userId,
            atMost: call.configuration.maximumAPIKeys, in: call.store, at: call.now)
        return Created(
            key, location: call.location("/api-keys/\(key.description.id)"),
            message: "Store the key: it is shown only once")
    }
}
