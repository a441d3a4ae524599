import Endpoint
import Models

/// Returns a webhook without its secret.
@main struct GetWebhook: Function {
    static let route = Route.get("/webhooks/{webhookId}", tag: "Webhooks", summary: "Show a webhook")
    static let access = Access.user

    struct Input: FunctionInput {
        let webhookId: Webhook.ID

        init(from fields: inout Fields) { webhookId = fields.path("webhookId", .id(Webhook.self), named: "Webhook") }
    }

    static func handle(_ input: Input, by caller: Principal, in call: Call) throws -> Webhook {
        try call.webhook(input.webhookId, for: caller)
    }
}
