import Wire

/// A place for documents and the conversations about them.
public struct Workspace: Identified, Sendable {
    public typealias ID = Identifier<Workspace>
    public static let idPrefix: StaticString = "ws_"

    public var id: ID
    public var name: String
    public var slug: String
    public var description: String
    /// A `WorkspaceSettings` as JSON, so that listings can pass it on as stored.
    public var settings: RawJSON
    public var ownerId: User.ID
    /// The caller's role. A system administrator who is not a member acts as owner.
    public var role: MemberRole
    public var documentCount: Int
    public var conversationCount: Int
    public var createdAt: Timestamp
    public var updatedAt: Timestamp

    public init(
        id: ID, name: String, slug: String, description: String, settings: RawJSON, ownerId: User.ID,
        role: MemberRole, documentCount: Int, conversationCount: Int, createdAt: Timestamp, updatedAt: Timestamp
    ) {
        self.id = id
        self.name = name
        self.slug = slug
        self.description = description
        self.settings = settings
        self.ownerId = ownerId
        self.role = role
        self.documentCount = documentCount
        self.conversationCount = conversationCount
        self.createdAt = createdAt
        self.updatedAt = updatedAt
    }
}

extension Workspace: Shaped {
    public static let shape = Shape<Workspace>(
        "Workspace",
        [
            .field("id") { $0.id },
            .field("name", example: "Handbook") { $0.name },
            .field("slug", "The name in lower-case ASCII, for URLs and file names; unique.", example: "handbook") {
                $0.slug
            },
            .field("description") { $0.description },
            .field("settings", schema: WorkspaceSettings.schema) { $0.settings },
            .field("ownerId") { $0.ownerId },
            .field("role", "What the caller may do here.") { $0.role },
            .field("documentCount") { $0.documentCount },
            .field("conversationCount") { $0.conversationCount },
            .field("createdAt") { $0.createdAt },
            .field("updatedAt") { $0.updatedAt },
        ])
}

/// A member's role in a workspace. Each role includes the rights of the ones below it.
public enum MemberRole: String, JSONWord, Comparable, Sendable {
    case viewer, editor, owner

    private var rank: Int {
        switch self {
        case .viewer: 0
        case .editor: 1
        case .owner: 2
        }
    }

    public static func < (left: MemberRole, right: MemberRole) -> Bool { left.rank < right.rank }
}

/// How a workspace answers.
public struct WorkspaceSettings: Equatable, Sendable {
    /// `chat` answers from general knowledge too, `query` only from documents.
    public enum ChatMode: String, JSONWord, Sendable { case chat, query }

    public var systemPrompt = ""
    public var model = ""
    /// Nil for the model's own. Some models accept no temperature, so none is sent unless somebody has chosen one.
    public var temperature: Double?
    public var chatMode = ChatMode.chat
    /// How many passages an answer may use.
    public var topK = 6
    /// A model is not shown passages that score below this share of the best one's score. The share is relative,
    /// because an absolute threshold refuses questions that the documents answer in other words.
    public var similarityThreshold = 0.2
    /// How many earlier messages a model is shown.
    public var historyLength = 20

    public init() {}

    /// Reads stored settings. Fields of a later version are ignored, and missing ones get defaults.
    public init(stored: RawJSON) {
        self = Change(unchecked: stored.value.object ?? [:]).applied(to: WorkspaceSettings())
    }

    /// A subset of the settings, as received and already validated.
    public struct Change: Sendable {
        private let object: JSONObject

        fileprivate init(unchecked object: JSONObject) { self.object = object }

        /// Absent and null settings stay unchanged.
        public func applied(to settings: WorkspaceSettings) -> WorkspaceSettings {
            var (members, changed) = (Members(of: object), settings)
            for setting in WorkspaceSettings.all { setting.read(&members, &changed) }
            return changed
        }
    }

    public var json: RawJSON {
        var writer = JSONWriter()
        write(to: &writer)
        return RawJSON(stored: writer.buffer.text)
    }
}

extension WorkspaceSettings: Shaped {
    public static let shape = Shape<WorkspaceSettings>("WorkspaceSettings", all.map(\.field))

    /// Every setting, described once.
    fileprivate static let all = [
        Setting("systemPrompt", .text(0...20_000), "What the model is told about its task.") {
            $0.systemPrompt
        } set: {
            $0.systemPrompt = $1
        },
        Setting("model", .name(0...200), "The model to use; empty for the installation's own.") {
            $0.model
        } set: {
            $0.model = $1
        },
        Setting(
            optional: "temperature", .number(0...2),
            "0 to 2. Absent until somebody sets one: the model then uses its own."
        ) {
            $0.temperature
        } set: {
            $0.temperature = $1
        },
        Setting(
            "chatMode", .oneOf(example: ChatMode.chat),
            "`chat` may use general knowledge, `query` answers only from documents."
        ) {
            $0.chatMode
        } set: {
            $0.chatMode = $1
        },
        Setting("topK", .integer(1...50), "How many passages an answer may use, 1 to 50.") {
            $0.topK
        } set: {
            $0.topK = $1
        },
        Setting(
            "similarityThreshold", .number(0...1),
            "Passages that score below this share of the best one's score are not used, 0 to 1."
        ) {
            $0.similarityThreshold
        } set: {
            $0.similarityThreshold = $1
        },
        Setting("historyLength", .integer(0...100), "How many earlier messages a model is shown, 0 to 100.") {
            $0.historyLength
        } set: {
            $0.historyLength = $1
        },
    ]

    /// One setting: its name, its values, its description, and the property that holds it.
    fileprivate struct Setting: Sendable {
        let field: Shape<WorkspaceSettings>.Field
        let read: @Sendable (inout Members, inout WorkspaceSettings) -> Void

        init<V: JSONRepresentable & Sendable>(
            _ name: StaticString, _ type: ValueType<V>, _ about: String,
            _ get: @escaping @Sendable (WorkspaceSettings) -> V,
            set: @escaping @Sendable (inout WorkspaceSettings, V) -> Void
        ) {
            self.init(name, type, .field(name, about, get), set)
        }

        /// A setting without a default.
        init<V: JSONRepresentable & Sendable>(
            optional name: StaticString, _ type: ValueType<V>, _ about: String,
            _ get: @escaping @Sendable (WorkspaceSettings) -> V?,
            set: @escaping @Sendable (inout WorkspaceSettings, V) -> Void
        ) {
            self.init(name, type, .optional(name, about, get), set)
        }

        private init<V: JSONRepresentable & Sendable>(
            _ name: StaticString, _ type: ValueType<V>, _ field: Shape<WorkspaceSettings>.Field,
            _ set: @escaping @Sendable (inout WorkspaceSettings, V) -> Void
        ) {
            self.field = field
            read = { members, settings in
                if let value = members.optional(name.description, type) { set(&settings, value) }
            }
        }
    }
}

extension ValueType where Value == WorkspaceSettings.Change {
    /// Settings as received: any subset of the fields.
    public static var workspaceSettings: ValueType {
        .object(title: "WorkspaceSettingsChange", example: WorkspaceSettings.Change(unchecked: [:])) {
            members, object in
            var ignored = WorkspaceSettings()
            for setting in WorkspaceSettings.all { setting.read(&members, &ignored) }
            return WorkspaceSettings.Change(unchecked: object)
        }
    }
}
