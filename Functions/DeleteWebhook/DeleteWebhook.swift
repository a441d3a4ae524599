import Endpoint
import Models

/// Deletes a webhook and its pending deliveries.
@main struct DeleteWebhook: Function {
    static let route = Route.delete("/webhooks/{webhookId}", tag: "Webhooks", summary: "Delete a webhook")
        .conditional().requiresAdminScope()
    static let access = Access.user

    struct Input: FunctionInput {
        let webhookId: Webhook.ID

        init(from fields: inout Fields) { webhookId = fields.path("webhookId", .id(Webhook.self), named: "Webhook") }
    }

    static func handle(_ input: Input, by caller: Principal, in call: Call) throws -> Empty {
        try call.store.write {
            let webhook = try call.webhook(input.webhookId, for: caller)
            try call.requireMatch(webhook)
            try call.store.webhooks.remove(webhook.id)
        }
        return Empty(message: "Webhook deleted")
    }
}
