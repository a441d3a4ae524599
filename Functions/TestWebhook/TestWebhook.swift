import Endpoint
import Models
import Webhooks

/// Sends a test event to a webhook now, and returns the result.
@main struct TestWebhook: Function {
    static let route = Route.post("/webhooks/{webhookId}/test", tag: "Webhooks", summary: "Try a webhook out")
    static let access = Access.user

    struct Input: FunctionInput {
        let webhookId: Webhook.ID

        init(from fields: inout Fields) { webhookId = fields.path("webhookId", .id(Webhook.self), named: "Webhook") }
    }

    static func handle(_ input: Input, by caller: Principal, in call: Call) throws -> Delivery {
        try DeliverySender(store: call.store, policy: call.configuration.webhooks).sendTest {
            try call.webhook(input.webhookId, for: caller)
        }
    }
}
