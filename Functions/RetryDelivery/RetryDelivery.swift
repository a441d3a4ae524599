import Endpoint
import Models

/// Schedules an event to be sent again: the delivery becomes due now, and `run-jobs` sends it.
@main struct RetryDelivery: Function {
    static let route = Route.post(
        "/webhooks/{webhookId}/deliveries/{deliveryId}/retry", tag: "Webhooks", summary: "Retry a delivery")
    static let access = Access.user

    struct Input: FunctionInput {
        let webhookId: Webhook.ID
        let deliveryId: Delivery.ID

        init(from fields: inout Fields) {
            webhookId = fields.path("webhookId", .id(Webhook.self), named: "Webhook")
            deliveryId = fields.path("deliveryId", .id(Delivery.self), named: "Delivery")
        }
    }

    static func handle(_ input: Input, by caller: Principal, in call: Call) throws -> Delivery {
        try call.store.write {
            let webhook = try call.webhook(input.webhookId, for: caller)
            return try call.store.events.retry(input.deliveryId, of: webhook.id, at: call.now)
        }
    }
}
