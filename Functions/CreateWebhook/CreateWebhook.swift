import Crypto
import Endpoint
import Models
import Webhooks
import Wire

/// Subscribes a URL to events. The secret that signs deliveries is shown only this once.
///
/// Chat events include questions and answers of all members: webhooks exist to archive and moderate, and only owners
/// and managers create them.
@main struct CreateWebhook: Function {
    static let route = Route.post("/webhooks", tag: "Webhooks", summary: "Create a webhook")
        .requiresAdminScope().idempotent(.inTransaction)
    static let access = Access.user

    struct Input: FunctionInput {
        let url: String
        let events: [EventPattern]
        let workspaceId: Workspace.ID?
        let description: String
        let isActive: Bool

        init(from fields: inout Fields) {
            url = fields.required("url", .webhookURL, "Where to POST to; `https` and a public address.")
            events = fields.required(
                "events", .list(of: .eventPattern, count: 1...50),
                "Names, `document.*` or `*`. Those of chats tell what was asked and answered, whoever asked.")
            workspaceId = fields.optional(
                "workspaceId", .id(Workspace.self), "Only events of this workspace; required unless you are a manager.")
            description = fields.optional("description", .text(0...500)) ?? ""
            isActive = fields.optional("active", .flag) ?? true
        }
    }

    static func handle(_ input: Input, by caller: Principal, in call: Call) throws -> Created<NewWebhook> {
        try call.configuration.webhooks.check(input.url)
        let webhook = Webhook(
            id: .new(at: call.now), url: input.url, events: input.events, workspaceId: input.workspaceId,
            description: input.description, isActive: input.isActive, ownerId: caller.userId, createdAt: call.now,
            updatedAt: call.now)
        let secret = WebhookSignature.makeSecret()
        try call.store.write {
            try requireRight(caller, to: input.workspaceId, in: call)
            try requireRoom(in: input.workspaceId, call)
            try call.store.webhooks.add(webhook, secret: secret)
        }
        return Created(
            NewWebhook(webhook: webhook, secret: secret), location: call.location("/webhooks/\(webhook.id)"),
            message: "Store the secret: it is shown only once")
    }

    private static func requireRight(_ caller: Principal, to workspace: Workspace.ID?, in call: Call) throws {
        guard let workspace else {
            if caller.role < .manager {
                throw APIError.forbidden(
                    "Webhooks of the whole installation require the role manager; give a workspaceId")
            }
            return
        }
        let role = try call.role(of: caller, in: workspace)
        if caller.role >= .manager, try call.store.workspaces.exists(workspace) { return }
        guard let role else { throw APIError.notFound("Workspace") }
        if role < .owner {
            throw APIError.forbidden("Requires the role owner in the workspace; yours is \(role.rawValue)")
        }
    }

    private static func requireRoom(in workspace: Workspace.ID?, _ call: Call) throws {
        let limit = call.configuration.webhooksPerWorkspace
        if let workspace, try call.store.webhooks.count(in: workspace) >= limit {
            throw APIError(.conflict, "A workspace has at most \(limit) webhooks; delete one first")
        }
    }
}
