import Endpoint
import Models

/// Lists the deliveries of a webhook, newest first.
@main struct ListDeliveries: Function {
    static let route = Route.get("/webhooks/{webhookId}/deliveries", tag: "Webhooks", summary: "List deliveries")
    static let access = Access.user

    struct Input: FunctionInput {
        let webhookId: Webhook.ID
        let page: PageRequest
        let status: Delivery.Status?

        init(from fields: inout Fields) {
            webhookId = fields.path("webhookId", .id(Webhook.self), named: "Webhook")
            page = fields.pageRequest()
            status = fields.query("status", .oneOf(example: Delivery.Status.failed))
        }
    }

    static func handle(_ input: Input, by caller: Principal, in call: Call) throws -> Page<Delivery> {
        let webhook = try call.webhook(input.webhookId, for: caller)
        return try call.store.events.deliveries(of: webhook.id, status: input.status, page: input.page)
    }
}
