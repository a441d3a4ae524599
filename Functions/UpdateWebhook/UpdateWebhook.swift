import Endpoint
import Models
import Webhooks
import Wire

/// Changes a webhook. Its secret and its workspace stay. From then on, it has the rights of the account that changed it:
/// a URL must not outlive the rights of the person who chose it.
@main struct UpdateWebhook: Function {
    static let route = Route.put("/webhooks/{webhookId}", tag: "Webhooks", summary: "Change a webhook")
        .conditional().requiresAdminScope()
    static let access = Access.user

    struct Input: FunctionInput {
        let webhookId: Webhook.ID
        let url: String?
        let events: [EventPattern]?
        let description: String?
        let isActive: Bool?

        var changesNothing: Bool { url == nil && events == nil && description == nil && isActive == nil }

        init(from fields: inout Fields) {
            webhookId = fields.path("webhookId", .id(Webhook.self), named: "Webhook")
            url = fields.optional("url", .webhookURL)
            events = fields.optional("events", .list(of: .eventPattern, count: 1...50))
            description = fields.optional("description", .text(0...500))
            isActive = fields.optional("active", .flag, "False stops it from being told of new events.")
        }
    }

    static func handle(_ input: Input, by caller: Principal, in context: Context) throws -> Webhook {
        try context.store.write {
            var webhook = try context.webhook(input.webhookId, for: caller)
            try context.requireMatch { webhook }
            if input.changesNothing { return webhook }
            if let url = input.url { try context.configuration.webhooks.check(url) }
            webhook.url = input.url ?? webhook.url
            webhook.events = input.events ?? webhook.events
            webhook.description = input.description ?? webhook.description
            webhook.isActive = input.isActive ?? webhook.isActive
            if input.isActive != nil { webhook.disabledReason = nil }
            webhook.ownerId = caller.userId
            webhook.updatedAt = context.now
            try context.store.webhooks.save(webhook)
            return webhook
        }
    }
}
