import Endpoint
import Models
import Webhooks

/// Sends a test event to a webhook now, and tells how that went.
@main struct TestWebhook: Function {
    static let route = Route.post("/webhooks/{webhookId}/test", tag: "Webhooks", summary: "Try a webhook out")
    static let access = Access.user

    struct Input: FunctionInput {
        let webhookId: Webhook.ID

        init(from fields: inout Fields) { webhookId = fields.path("webhookId", .id(Webhook.self), named: "Webhook") }
    }

    static func handle(_ input: Input, by caller: Principal, in context: Context) throws -> Delivery {
        try DeliverySender(store: context.store, policy: context.configuration.webhooks).sendTest {
            try context.webhook(input.webhookId, for: caller)
        }
    }
}
