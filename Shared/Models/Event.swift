import Wire

/// Something that happened, as webhooks report it.
public struct Event: Identified, Sendable {
    public typealias ID = Identifier<Event>
    public static let idPrefix: StaticString = "evt_"

    /// What can happen.
    public enum Kind: String, JSONWord, Sendable {
        case documentUploaded = "document.uploaded"
        case documentProcessed = "document.processed"
        case documentFailed = "document.failed"
        case documentUpdated = "document.updated"
        case documentDeleted = "document.deleted"
        case conversationStarted = "chat.conversation.started"
        case chatMessage = "chat.message"
        case responseGenerated = "chat.response.generated"
        case conversationEnded = "chat.conversation.ended"
        case workspaceCreated = "workspace.created"
        case workspaceUpdated = "workspace.updated"
        case workspaceDeleted = "workspace.deleted"
        case memberAdded = "workspace.user.added"
        case memberRemoved = "workspace.user.removed"
        case userCreated = "user.created"
        case userUpdated = "user.updated"
        case userDeleted = "user.deleted"
        case userLogin = "user.login"
        case userLogout = "user.logout"
        /// Sent only on request, to test a webhook.
        case test = "webhook.test"
    }

    public var id: ID
    public var kind: Kind
    public var workspaceId: Workspace.ID?
    /// The body of a delivery.
    public var payload: RawJSON
    public var createdAt: Timestamp

    /// - Parameter data: what the event is about, such as the document that was uploaded.
    public init(
        _ kind: Kind, in workspaceId: Workspace.ID?, _ data: some JSONRepresentable, at now: Timestamp
    ) {
        id = .new(at: now)
        self.kind = kind
        self.workspaceId = workspaceId
        createdAt = now
        var writer = JSONWriter()
        writer.beginObject()
        writer.key("id")
        id.write(to: &writer)
        writer.key("type")
        kind.write(to: &writer)
        writer.key("timestamp")
        writer.value(now)
        if let workspaceId {
            writer.key("workspaceId")
            workspaceId.write(to: &writer)
        }
        writer.key("data")
        data.write(to: &writer)
        writer.endObject()
        payload = RawJSON(stored: writer.buffer.text)
    }
}

/// The events that a webhook subscribes to: a kind by its name, `document.*` for all kinds with that prefix, `*` for
/// all.
public struct EventPattern: Hashable, Sendable {
    public let text: String

    /// Nil if it matches no kind.
    public init?(_ text: String) {
        guard Self.all.contains(text) else { return nil }
        self.text = text
    }

    /// All possible patterns: all kinds, groups of kinds, single kinds.
    private static var all: [String] {
        let kinds = Event.Kind.allCases.filter { $0 != .test }.map(\.rawValue)
        var groups: [String] = []
        for kind in kinds {
            let parts = kind.split(atByte: ".")
            for depth in 1..<parts.count {
                let group = parts.prefix(depth).joined(separator: ".") + ".*"
                if !groups.contains(group) { groups.append(group) }
            }
        }
        return ["*"] + groups + kinds
    }

    /// For text that is known to be a pattern, such as a database column. It is not checked.
    public init(stored text: String) { self.text = text }

    public func matches(_ kind: Event.Kind) -> Bool {
        text == "*" || text == kind.rawValue
            || (text.ends(withBytes: ".*") && kind.rawValue.starts(withBytes: text.dropLast()))
    }
}

extension EventPattern: JSONRepresentable {
    public static var schema: JSON {
        ["type": "string", "enum": .array(all.map { .string($0) }), "examples": ["document.*"]]
    }
    public func write(to writer: inout JSONWriter) { writer.value(text) }
}

extension ValueType where Value == EventPattern {
    public static var eventPattern: ValueType {
        let parseText: @Sendable (String) throws(Invalid) -> EventPattern = { text throws(Invalid) in
            guard let pattern = EventPattern(text) else {
                throw Invalid("must name events, such as document.uploaded, document.* or *")
            }
            return pattern
        }
        return ValueType(
            schema: { EventPattern.schema }, example: EventPattern(stored: "document.*"),
            parse: { json throws(Invalid) in try parseText(json.string ?? "") }, parseText: parseText)
    }
}
