import Accounts
import Models
import Storage

extension Principal {
    /// The webhooks that the caller may see and change: all for managers, otherwise those of the caller's own
    /// workspaces.
    public var webhooks: WebhookStore.Viewer { role >= .manager ? .manager : .owner(userId) }
}

extension Call {
    /// A webhook that the caller may see. Throws 404 for any other.
    public func webhook(_ id: Webhook.ID, for caller: Principal) throws -> Webhook {
        try store.webhooks.get(id, for: caller.webhooks)
    }
}
