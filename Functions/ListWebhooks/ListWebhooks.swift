import Endpoint
import Models

/// Lists webhooks, newest first. Managers see all, owners those of their workspaces.
@main struct ListWebhooks: Function {
    static let route = Route.get("/webhooks", tag: "Webhooks", summary: "List webhooks")
    static let access = Access.user

    struct Input: FunctionInput {
        let page: PageRequest
        let isActive: Bool?

        init(from fields: inout Fields) {
            page = fields.pageRequest()
            isActive = fields.query("active", .flag)
        }
    }

    static func handle(_ input: Input, by caller: Principal, in call: Call) throws -> Page<Webhook> {
        try call.store.webhooks.list(for: caller.webhooks, isActive: input.isActive, page: input.page)
    }
}
