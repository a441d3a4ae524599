import Endpoint
import Models
import Webhooks
import Wire

/// Changes a webhook. Its secret and its workspace stay the same. From then on it has the rights of the account that
/// changed it: a URL must not outlive the rights of the person who chose it.
@main struct UpdateWebhook: Function {
    static let route = Route.put("/webhooks/{webhookId}", tag: "Webhooks", summary: "Change a webhook")
        .conditional().requiresAdminScope()
    static let access = Access.user

    struct Input: FunctionInput {
        let webhookId: Webhook.ID
        let change: Webhook.Change

        init(from fields: inout Fields) {
            webhookId = fields.path("webhookId", .id(Webhook.self), named: "Webhook")
            change = Webhook.Change(
                url: fields.optional("url", .webhookURL),
                events: fields.optional("events", .list(of: .eventPattern, count: 1...50)),
                description: fields.optional("description", .text(0...500)),
                isActive: fields.optional("active", .flag, "An inactive webhook gets no new events."))
        }
    }

    static func handle(_ input: Input, by caller: Principal, in call: Call) throws -> Webhook {
        try call.update(with: input.change) {
            try call.webhook(input.webhookId, for: caller)
        } save: { webhook in
            if let url = input.change.url { try call.configuration.webhooks.check(url) }
            webhook.ownerId = caller.userId
            try call.store.webhooks.save(webhook)
        }
    }
}
