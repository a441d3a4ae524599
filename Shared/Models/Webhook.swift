import Wire

/// A subscription to events, delivered over HTTP.
public struct Webhook: Identified, Sendable {
    public typealias ID = Identifier<Webhook>
    public static let idPrefix: StaticString = "whk_"

    public var id: ID
    public var url: String
    public var events: [EventPattern]
    /// Limits it to events of this workspace; nil for the whole installation.
    public var workspaceId: Workspace.ID?
    public var description: String
    public var isActive: Bool
    /// The account whose rights it has: the one that created or last changed it. Nil for webhooks older than this
    /// field.
    public var ownerId: User.ID?
    /// Why it gets no more events, if nobody switched it off.
    public var disabledReason: String?
    public var createdAt: Timestamp
    public var updatedAt: Timestamp

    public init(
        id: ID, url: String, events: [EventPattern], workspaceId: Workspace.ID?, description: String, isActive: Bool,
        ownerId: User.ID?, disabledReason: String? = nil, createdAt: Timestamp, updatedAt: Timestamp
    ) {
        self.id = id
        self.url = url
        self.events = events
        self.workspaceId = workspaceId
        self.description = description
        self.isActive = isActive
        self.ownerId = ownerId
        self.disabledReason = disabledReason
        self.createdAt = createdAt
        self.updatedAt = updatedAt
    }

    /// The receiver at a URL, identified by host and port, in lower case.
    public static func receiver(of url: String) -> String {
        let bytes = Array(url.utf8)
        guard let colon = bytes.firstIndex(of: UInt8(ascii: ":")) else { return url }
        let authority = bytes.dropFirst(colon + 1).drop { $0 == UInt8(ascii: "/") }.prefix {
            $0 != UInt8(ascii: "/") && $0 != UInt8(ascii: "?") && $0 != UInt8(ascii: "#")
        }
        return String(decoding: authority, as: UTF8.self).lowercasedASCII
    }

    public func wants(_ event: Event) -> Bool {
        isActive && (workspaceId == nil || workspaceId == event.workspaceId)
            && events.contains { $0.matches(event.kind) }
    }
}

extension Webhook: Shaped {
    public static let shape = Shape<Webhook>(
        "Webhook",
        [
            .field("id") { $0.id },
            .field("url", example: "https://example.com/hooks") { $0.url },
            .field("events", "Names, `document.*` or `*`.") { $0.events },
            .nullable("workspaceId", "Only events of this workspace.") { $0.workspaceId },
            .field("description") { $0.description },
            .field("active") { $0.isActive },
            .nullable("ownerId", "Whose rights it has: the account that made it or changed it last.") { $0.ownerId },
            .nullable("disabledReason", "Why it gets no more events although nobody switched it off.") {
                $0.disabledReason
            },
            .field("createdAt") { $0.createdAt },
            .field("updatedAt") { $0.updatedAt },
        ])
}

/// A newly created webhook, with the secret that signs its deliveries.
public struct NewWebhook: Sendable {
    public var webhook: Webhook
    public var secret: String

    public init(webhook: Webhook, secret: String) {
        self.webhook = webhook
        self.secret = secret
    }
}

extension NewWebhook: Shaped {
    public static let shape = Shape<NewWebhook>(
        "NewWebhook",
        [
            .field("id") { $0.webhook.id },
            .field("url", example: "https://example.com/hooks") { $0.webhook.url },
            .field("secret", "Verifies deliveries (Standard Webhooks). It is shown this once: keep it.") { $0.secret },
            .field("events") { $0.webhook.events },
            .nullable("workspaceId") { $0.webhook.workspaceId },
            .field("description") { $0.webhook.description },
            .field("active") { $0.webhook.isActive },
            .nullable("ownerId", "Whose rights it has: the account that made it or changed it last.") {
                $0.webhook.ownerId
            },
            .nullable("disabledReason", "Why it gets no more events although nobody switched it off.") {
                $0.webhook.disabledReason
            },
            .field("createdAt") { $0.webhook.createdAt },
            .field("updatedAt") { $0.webhook.updatedAt },
        ])
}

/// One event on its way to one webhook.
public struct Delivery: Identified, Sendable {
    public typealias ID = Identifier<Delivery>
    public static let idPrefix: StaticString = "dlv_"

    public enum Status: String, JSONWord, Sendable { case pending, succeeded, failed }

    public var id: ID
    public var eventId: Event.ID
    public var event: Event.Kind
    public var status: Status
    public var attempts: Int
    /// The receiver's last response.
    public var responseStatus: Int?
    /// Why the last attempt failed.
    public var error: String?
    public var lastAttemptAt: Timestamp?
    public var nextAttemptAt: Timestamp?
    public var payload: RawJSON
    public var createdAt: Timestamp

    public init(
        id: ID, eventId: Event.ID, event: Event.Kind, status: Status, attempts: Int, responseStatus: Int?,
        error: String?, lastAttemptAt: Timestamp?, nextAttemptAt: Timestamp?, payload: RawJSON, createdAt: Timestamp
    ) {
        self.id = id
        self.eventId = eventId
        self.event = event
        self.status = status
        self.attempts = attempts
        self.responseStatus = responseStatus
        self.error = error
        self.lastAttemptAt = lastAttemptAt
        self.nextAttemptAt = nextAttemptAt
        self.payload = payload
        self.createdAt = createdAt
    }
}

extension Delivery: Shaped {
    public static let shape = Shape<Delivery>(
        "Delivery",
        [
            .field("id") { $0.id },
            .field("eventId") { $0.eventId },
            .field("event") { $0.event },
            .field("status") { $0.status },
            .field("attempts") { $0.attempts },
            .nullable("responseStatus", "What the receiver answered last.") { $0.responseStatus },
            .nullable("error", "Why the last attempt failed.") { $0.error },
            .nullable("lastAttemptAt") { $0.lastAttemptAt },
            .nullable("nextAttemptAt") { $0.nextAttemptAt },
            .field("payload", "The body that is sent.") { $0.payload },
            .field("createdAt") { $0.createdAt },
        ])
}
