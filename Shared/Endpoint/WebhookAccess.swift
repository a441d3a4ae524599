import Accounts
import Models
import Storage

extension Principal {
    /// Which webhooks the caller may see and change: managers all, others those of their own workspaces.
    public var webhooks: WebhookStore.Viewer { role >= .manager ? .manager : .owner(userId) }
}

extension Call {
    /// A webhook that the caller may see. Throws 404 for others.
    public func webhook(_ id: Webhook.ID, for caller: Principal) throws -> Webhook {
        try store.webhooks.get(id, for: caller.webhooks)
    }
}
