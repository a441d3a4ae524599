import Endpoint
import Models

/// Lists the caller's API keys, newest first, without the keys themselves.
@main struct ListApiKeys: Function {
    static let route = Route.get("/api-keys", tag: "API keys", summary: "List your API keys")
    static let access = Access.user

    struct Input: FunctionInput {
        let page: PageRequest

        init(from fields: inout Fields) { page = fields.pageRequest() }
    }

    static func handle(_ input: Input, by user: Principal, in call: Call) throws -> Page<APIKey> {
        try call.store.apiKeys.list(of: user.userId, page: input.page)
    }
}
