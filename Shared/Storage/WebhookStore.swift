import Models
import Wire

/// Subscriptions that send events to URLs.
public struct WebhookStore {
    let database: Database

    /// Whether the account responsible for a webhook may still have it: managers and administrators may, and the owners
    /// of its workspace. Nobody can lose the rights to a deleted workspace, so the event that reports its deletion can
    /// be sent.
    static let hasRight: SQL = """
        EXISTS (
            SELECT 1 FROM users u WHERE u.id = webhooks.owner_id AND u.status = 'active' AND (
                u.role IN ('admin', 'manager')
                OR EXISTS (
                    SELECT 1 FROM members m
                    WHERE m.user_id = u.id AND m.workspace_id = webhooks.workspace_id AND m.role = 'owner')
                OR webhooks.workspace_id IS NOT NULL
                    AND NOT EXISTS (SELECT 1 FROM workspaces s WHERE s.id = webhooks.workspace_id)))
        """
    /// Whether a webhook gets events. Checks its rights as well: they end at once, whenever the webhook is marked as
    /// disabled.
    fileprivate static let isInForce: SQL = "(webhooks.is_active AND \(hasRight))"
    fileprivate static let lostRight =
        "The account that set it up has lost the right to it; an owner of the workspace or a manager can enable it again"

    /// Which webhooks a caller may see.
    public enum Viewer: Sendable {
        case manager
        /// The webhooks of the workspaces a user owns.
        case owner(User.ID)

        fileprivate func condition(in database: Database) -> SQL {
            switch self {
            case .manager: "TRUE"
            case .owner(let user):
                """
                workspace_id IN (
                    SELECT workspace_id FROM members WHERE user_id = \(user) AND role = \(MemberRole.owner)
                    \(database.keepingRights))
                """
            }
        }
    }

    /// Newest first.
    public func list(for viewer: Viewer, isActive: Bool?, page: PageRequest) throws -> Page<Webhook> {
        var condition = viewer.condition(in: database)
        switch isActive {
        case true?: condition = "\(condition) AND \(Self.isInForce)"
        case false?: condition = "\(condition) AND NOT \(Self.isInForce)"
        case nil: break
        }
        return try database.page(from: "webhooks WHERE \(condition)", order: "id DESC", page)
    }

    public func find(_ id: Webhook.ID, for viewer: Viewer) throws -> Webhook? {
        try database.first(from: "webhooks WHERE id = \(id) AND \(viewer.condition(in: database))")
    }

    /// The number of webhooks of a workspace. Call it in the write that adds one.
    public func count(in workspace: Workspace.ID) throws -> Int {
        try database.guarding(.limitOfWorkspace(workspace))
        return try database.value("SELECT count(*) FROM webhooks WHERE workspace_id = \(workspace)") ?? 0
    }

    public func add(_ webhook: Webhook, secret: String) throws {
        if database.isInTransaction { database.hasWebhooks = true }
        try database.run(
            """
            INSERT INTO webhooks (id, url, secret, events, workspace_id, description, is_active, owner_id,
                created_at, updated_at)
            VALUES (\(webhook.id), \(webhook.url), \(secret), \(webhook.storedEvents), \(webhook.workspaceId),
                \(webhook.description), \(webhook.isActive), \(webhook.ownerId),
                \(webhook.createdAt), \(webhook.updatedAt))
            """)
    }

    /// Replaces the webhook with the same id.
    public func save(_ webhook: Webhook) throws {
        try database.run(
            """
            UPDATE webhooks SET url = \(webhook.url), events = \(webhook.storedEvents),
                description = \(webhook.description), is_active = \(webhook.isActive),
                owner_id = \(webhook.ownerId), disabled_reason = \(webhook.disabledReason),
                updated_at = \(webhook.updatedAt)
            WHERE id = \(webhook.id)
            """)
    }

    /// Removes a webhook with its deliveries, including unsent ones. They become invisible at once and are deleted
    /// later, in batches.
    public func remove(_ id: Webhook.ID) throws {
        try database.run("DELETE FROM webhooks WHERE id = \(id)")
    }

    /// The webhooks that subscribe to this event. Disables those that have lost the right to it.
    func wanting(_ event: Event, at now: Timestamp) throws -> [Webhook.ID] {
        let webhooks: [Webhook] = try database.all(
            from: "webhooks WHERE is_active AND (workspace_id IS NULL OR workspace_id = \(event.workspaceId))")
        for webhook in webhooks where !webhook.isActive { try disable(webhook.id, at: now) }
        return webhooks.filter { $0.wants(event) }.map(\.id)
    }

    /// Disables a webhook whose account has lost the right to it. If the right comes back, the webhook stays disabled
    /// until somebody with the right enables it.
    func disable(_ id: Webhook.ID, because reason: String? = nil, at now: Timestamp) throws {
        try database.run(
            """
            UPDATE webhooks SET is_active = \(false), disabled_reason = \(reason ?? Self.lostRight), updated_at = \(now)
            WHERE id = \(id)
            """)
    }
}

extension Webhook: Record {
    static let columns = SQL(columnsOf: Self.self)

    init(from row: inout Row) {
        let (id, url, events): (Webhook.ID, String, String) = (row["id"], row["url"], row["events"])
        self.init(
            id: id, url: url, events: events.split(atByte: " ").map { EventPattern(stored: String($0)) },
            workspaceId: row["workspace_id"], description: row["description"],
            isActive: row[expression: WebhookStore.isInForce], ownerId: row["owner_id"],
            disabledReason: row[
                expression: """
                    CASE WHEN is_active AND NOT \(WebhookStore.hasRight) THEN \(WebhookStore.lostRight)
                        ELSE disabled_reason END
                    """],
            createdAt: row["created_at"], updatedAt: row["updated_at"])
    }

    fileprivate var storedEvents: String { events.map(\.text).joined(separator: " ") }
}
