import Endpoint
import Models

/// Removes a webhook and what was still to be sent to it.
@main struct DeleteWebhook: Function {
    static let route = Route.delete("/webhooks/{webhookId}", tag: "Webhooks", summary: "Delete a webhook")
        .conditional().requiresAdminScope()
    static let access = Access.user

    struct Input: FunctionInput {
        let webhookId: Webhook.ID

        init(from fields: inout Fields) { webhookId = fields.path("webhookId", .id(Webhook.self), named: "Webhook") }
    }

    static func handle(_ input: Input, by caller: Principal, in context: Context) throws -> Acknowledged {
        try context.store.write {
            let webhook = try context.webhook(input.webhookId, for: caller)
            try context.requireMatch { webhook }
            try context.store.webhooks.remove(webhook.id)
        }
        return Acknowledged("Webhook deleted")
    }
}
