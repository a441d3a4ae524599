import Models
import Wire

/// Who wants to be told of events.
public struct WebhookStore {
    let database: Database

    private static let columns: SQL = """
        id, url, events, workspace_id, description, is_active, created_at, updated_at
        """

    /// Which webhooks someone may see.
    public enum Viewer: Sendable {
        case manager
        /// Those of the workspaces that a user owns.
        case owner(User.ID)

        fileprivate var condition: SQL {
            switch self {
            case .manager: "TRUE"
            case .owner(let user):
                """
                workspace_id IN (SELECT workspace_id FROM members WHERE user_id = \(user) AND role = \(MemberRole.owner))
                """
            }
        }
    }

    /// The newest first.
    public func list(for viewer: Viewer, isActive: Bool?, page: PageRequest) throws -> Page<Webhook> {
        var condition = viewer.condition
        if let isActive { condition = "\(condition) AND is_active = \(isActive ? 1 : 0)" }
        return try database.page(Self.columns, from: "webhooks WHERE \(condition)", order: "id DESC", page) {
            Webhook(from: &$0)
        }
    }

    public func find(_ id: Webhook.ID, for viewer: Viewer) throws -> Webhook? {
        try database.first("SELECT \(Self.columns) FROM webhooks WHERE id = \(id) AND \(viewer.condition)") {
            Webhook(from: &$0)
        }
    }

    public func add(_ webhook: Webhook, secret: String) throws {
        try database.run(
            """
            INSERT INTO webhooks (id, url, secret, events, workspace_id, description, is_active, created_at, updated_at)
            VALUES (\(webhook.id), \(webhook.url), \(secret), \(webhook.storedEvents), \(webhook.workspaceId),
                \(webhook.description), \(webhook.isActive ? 1 : 0), \(webhook.createdAt), \(webhook.updatedAt))
            """)
    }

    /// Puts the webhook in the place of the one with its id.
    public func save(_ webhook: Webhook) throws {
        try database.run(
            """
            UPDATE webhooks SET url = \(webhook.url), events = \(webhook.storedEvents),
                description = \(webhook.description), is_active = \(webhook.isActive ? 1 : 0),
                updated_at = \(webhook.updatedAt)
            WHERE id = \(webhook.id)
            """)
    }

    /// Removes a webhook with its deliveries, also those that were still to be sent.
    public func remove(_ id: Webhook.ID) throws {
        try database.run("DELETE FROM webhooks WHERE id = \(id)")
    }

    /// Every webhook that wants this event.
    func wanting(_ event: Event) throws -> [Webhook.ID] {
        try database.all(
            """
            SELECT \(Self.columns) FROM webhooks
            WHERE is_active = 1 AND (workspace_id IS NULL OR workspace_id = \(event.workspaceId))
            """
        ) { Webhook(from: &$0) }.filter { $0.wants(event) }.map(\.id)
    }
}

extension Webhook {
    fileprivate init(from row: inout Row) {
        self.init(
            id: row.next(), url: row.next(),
            events: row.text().split(atByte: " ").map { EventPattern(stored: String($0)) }, workspaceId: row.next(),
            description: row.next(), isActive: row.integer() != 0, createdAt: row.next(), updatedAt: row.next())
    }

    fileprivate var storedEvents: String { events.map(\.text).joined(separator: " ") }
}
