import Wire

/// A place for documents and the conversations about them.
public struct Workspace: Identified, Sendable {
    public typealias ID = Identifier<Workspace>
    public static let idPrefix: StaticString = "ws_"

    public var id: ID
    public var name: String
    public var slug: String
    public var description: String
    /// A `WorkspaceSettings` as JSON: listings pass it on as it is stored.
    public var settings: RawJSON
    public var ownerId: User.ID
    /// The role of whoever asks; a system administrator who is no member acts as owner.
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

/// What a member may do in a workspace; each role may do what the ones below it may.
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
    public var temperature = 0.7
    public var chatMode = ChatMode.chat
    /// How many passages an answer may stand on.
    public var topK = 6
    /// Passages that score below this share of the best one's score are not shown to a model.
    public var similarityThreshold = 0.2
    /// How many earlier messages a model is shown.
    public var historyLength = 20

    public init() {}

    /// Reads what was stored; fields of a later version are ignored, missing ones get defaults.
    public init(stored: RawJSON) {
        self = Change(unchecked: stored.value.object ?? [:]).applied(to: WorkspaceSettings())
    }

    /// Some of the settings, as they come in.
    public struct Change: Sendable {
        private let object: JSONObject

        fileprivate init(unchecked object: JSONObject) { self.object = object }

        /// Refuses what does not fit, by the name of the member.
        fileprivate init(_ json: JSON) throws(Invalid) {
            guard let object = json.object else { throw Invalid("must be an object") }
            self.object = object
            var errors: [(path: String, reason: String)] = []
            var ignored = WorkspaceSettings()
            apply(to: &ignored) { errors.append(($0, $1)) }
            if !errors.isEmpty { throw Invalid(members: errors) }
        }

        /// What is absent or null stays as it is.
        public func applied(to settings: WorkspaceSettings) -> WorkspaceSettings {
            var changed = settings
            apply(to: &changed) { _, _ in }
            return changed
        }

        private func apply(to settings: inout WorkspaceSettings, refuse: (String, String) -> Void) {
            func take<V>(_ name: String, _ type: ValueType<V>, into target: inout V) {
                guard let value = object[name], !value.isNull else { return }
                do throws(Invalid) {
                    target = try type.parse(value)
                } catch {
                    for part in error.parts { refuse(name, part.reason) }
                }
            }
            take("systemPrompt", .text(0...20_000), into: &settings.systemPrompt)
            take("model", .name(0...200), into: &settings.model)
            take("temperature", .number(0...2), into: &settings.temperature)
            take("chatMode", .oneOf(example: ChatMode.chat), into: &settings.chatMode)
            take("topK", .integer(1...50), into: &settings.topK)
            take("similarityThreshold", .number(0...1), into: &settings.similarityThreshold)
            take("historyLength", .integer(0...100), into: &settings.historyLength)
        }
    }

    public var json: RawJSON {
        var writer = JSONWriter()
        write(to: &writer)
        return RawJSON(stored: writer.buffer.text)
    }
}

extension WorkspaceSettings: Shaped {
    public static let shape = Shape<WorkspaceSettings>(
        "WorkspaceSettings",
        [
            .field("systemPrompt", "What the model is told about its task.") { $0.systemPrompt },
            .field("model", "The model to use; empty for the installation's own.") { $0.model },
            .field("temperature", "0 to 2.") { $0.temperature },
            .field("chatMode", "`chat` may use general knowledge, `query` answers only from documents.") {
                $0.chatMode
            },
            .field("topK", "How many passages an answer may stand on, 1 to 50.") { $0.topK },
            .field(
                "similarityThreshold",
                "Passages that score below this share of the best one's score are not used, 0 to 1."
            ) { $0.similarityThreshold },
            .field("historyLength", "How many earlier messages a model is shown, 0 to 100.") { $0.historyLength },
        ])
}

extension ValueType where Value == WorkspaceSettings.Change {
    /// Settings as they come in: any subset of the fields.
    public static var workspaceSettings: ValueType {
        ValueType(
            schema: {
                [
                    "title": "WorkspaceSettingsChange", "type": "object",
                    "properties": [
                        "systemPrompt": ValueType<String>.text(0...20_000).schema().orNull,
                        "model": ValueType<String>.name(0...200).schema().orNull,
                        "temperature": ValueType<Double>.number(0...2).schema().orNull,
                        "chatMode": WorkspaceSettings.ChatMode.schema.orNull,
                        "topK": ValueType<Int>.integer(1...50).schema().orNull,
                        "similarityThreshold": ValueType<Double>.number(0...1).schema().orNull,
                        "historyLength": ValueType<Int>.integer(0...100).schema().orNull,
                    ],
                ]
            },
            example: WorkspaceSettings.Change(unchecked: [:]),
            parse: { json throws(Invalid) in try WorkspaceSettings.Change(json) },
            parseText: { text throws(Invalid) in
                try WorkspaceSettings.Change((try? JSONReader.parse(text)) ?? .null)
            })
    }
}
