import Accounts
import Models
import Storage

extension Principal {
    /// Which webhooks the caller may see and change: all for managers, those of their own workspaces
    /// for everyone else.
    public var webhooks: WebhookStore.Viewer { role >= .manager ? .manager : .owner(userId) }
}

extension Context {
    /// A webhook that the caller may see. Throws 404 for every other.
    public func webhook(_ id: Webhook.ID, for caller: Principal) throws -> Webhook {
        guard let webhook = try store.webhooks.find(id, for: caller.webhooks) else {
            throw APIError.notFound("Webhook")
        }
        return webhook
    }
}
