import Wire

/// A resource of which clients can change some fields and leave the rest.
public protocol Changeable {
    associatedtype Change: ResourceChange
    mutating func apply(_ change: Change, at now: Timestamp)
}

/// The fields to change. Nil fields stay unchanged.
public protocol ResourceChange: Sendable {
    var isEmpty: Bool { get }
}

extension Workspace: Changeable {
    public struct Change: ResourceChange {
        public var name: String?
        public var description: String?
        public var settings: WorkspaceSettings.Change?

        public init(name: String? = nil, description: String? = nil, settings: WorkspaceSettings.Change? = nil) {
            self.name = name
            self.description = description
            self.settings = settings
        }

        public var isEmpty: Bool { name == nil && description == nil && settings == nil }
    }

    public mutating func apply(_ change: Change, at now: Timestamp) {
        name = change.name ?? name
        description = change.description ?? description
        if let change = change.settings { settings = change.applied(to: WorkspaceSettings(stored: settings)).json }
        updatedAt = now
    }
}

extension Document: Changeable {
    public struct Change: ResourceChange {
        public var name: String?
        /// Replaces all metadata: merging would leave no way to remove a key.
        public var metadata: JSONObject?

        public init(name: String? = nil, metadata: JSONObject? = nil) {
            self.name = name
            self.metadata = metadata
        }

        public var isEmpty: Bool { name == nil && metadata == nil }
    }

    public mutating func apply(_ change: Change, at now: Timestamp) {
        name = change.name ?? name
        metadata = change.metadata.map { RawJSON(.object($0)) } ?? metadata
        updatedAt = now
    }
}

extension Conversation: Changeable {
    public struct Change: ResourceChange {
        public var title: String?

        public init(title: String? = nil) { self.title = title }

        public var isEmpty: Bool { title == nil }
    }

    public mutating func apply(_ change: Change, at now: Timestamp) { title = change.title ?? title }
}

extension Webhook: Changeable {
    public struct Change: ResourceChange {
        public var url: String?
        public var events: [EventPattern]?
        public var description: String?
        public var isActive: Bool?

        public init(
            url: String? = nil, events: [EventPattern]? = nil, description: String? = nil, isActive: Bool? = nil
        ) {
            self.url = url
            self.events = events
            self.description = description
            self.isActive = isActive
        }

        public var isEmpty: Bool { url == nil && events == nil && description == nil && isActive == nil }
    }

    public mutating func apply(_ change: Change, at now: Timestamp) {
        url = change.url ?? url
        events = change.events ?? events
        description = change.description ?? description
        if let active = change.isActive { (isActive, disabledReason) = (active, nil) }
        updatedAt = now
    }
}

extension User: Changeable {
    public struct Change: ResourceChange {
        public var email: EmailAddress?
        public var name: String?
        /// The new password in plain text.
        public var password: String?
        public var role: User.Role?
        public var status: User.Status?

        public init(
            email: EmailAddress? = nil, name: String? = nil, password: String? = nil, role: User.Role? = nil,
            status: User.Status? = nil
        ) {
            self.email = email
            self.name = name
            self.password = password
            self.role = role
            self.status = status
        }

        public var isEmpty: Bool { email == nil && name == nil && password == nil && role == nil && status == nil }
    }

    public mutating func apply(_ change: Change, at now: Timestamp) {
        email = change.email?.text ?? email
        name = change.name ?? name
        role = change.role ?? role
        status = change.status ?? status
        updatedAt = now
    }
}
