import Wire

/// A chat between one user and the assistant of a workspace.
public struct Conversation: Identified, Sendable {
    public typealias ID = Identifier<Conversation>
    public static let idPrefix: StaticString = "conv_"

    public var id: ID
    public var title: String
    public var messageCount: Int
    public var lastMessageAt: Timestamp
    public var createdAt: Timestamp

    public init(id: ID, title: String, messageCount: Int, lastMessageAt: Timestamp, createdAt: Timestamp) {
        self.id = id
        self.title = title
        self.messageCount = messageCount
        self.lastMessageAt = lastMessageAt
        self.createdAt = createdAt
    }
}

extension Conversation: Shaped {
    public static let shape = Shape<Conversation>(
        "Conversation",
        [
            .field("id") { $0.id },
            .field("title") { $0.title },
            .field("messageCount") { $0.messageCount },
            .field("lastMessageAt") { $0.lastMessageAt },
            .field("createdAt") { $0.createdAt },
        ])
}

/// One turn of a conversation.
public struct Message: Identified, Sendable {
    public typealias ID = Identifier<Message>
    public static let idPrefix: StaticString = "msg_"

    public enum Role: String, JSONWord, Sendable { case user, assistant }
    /// Why an answer ended: it was complete, it reached the length limit, the provider's content filter cut it off, the
    /// client disconnected, or the model failed midway.
    public enum FinishReason: String, JSONWord, Sendable {
        case stop, length
        case contentFilter = "content_filter"
        case cancelled, error
    }

    public var id: ID
    public var role: Role
    public var content: String
    public var sources: SourceList
    public var model: String?
    public var finishReason: FinishReason?
    public var createdAt: Timestamp

    public init(
        id: ID, role: Role, content: String, sources: SourceList = SourceList([]), model: String? = nil,
        finishReason: FinishReason? = nil, createdAt: Timestamp
    ) {
        self.id = id
        self.role = role
        self.content = content
        self.sources = sources
        self.model = model
        self.finishReason = finishReason
        self.createdAt = createdAt
    }

    /// A passage that an answer cites as `[number]`.
    public struct Source: Sendable {
        public var number: Int
        public var documentId: Document.ID
        public var documentName: String
        public var chunkId: Passage.ID
        public var content: String
        public var score: Double
        public var position: Passage.Position

        public init(
            number: Int, documentId: Document.ID, documentName: String, chunkId: Passage.ID,
            content: String, score: Double, position: Passage.Position
        ) {
            self.number = number
            self.documentId = documentId
            self.documentName = documentName
            self.chunkId = chunkId
            self.content = content
            self.score = score
            self.position = position
        }
    }
}

extension Message: Shaped {
    public static let shape = Shape<Message>(
        "Message",
        [
            .field("id") { $0.id },
            .field("role") { $0.role },
            .field("content", "Cites its sources as `[1]`, `[2]`.") { $0.content },
            .field("sources") { $0.sources },
            .optional("model") { $0.model },
            .optional("finishReason") { $0.finishReason },
            .field("createdAt") { $0.createdAt },
        ])
}

extension Message.Source: Shaped {
    public static let shape = Shape<Message.Source>(
        "Source",
        [
            .field("number", "The number in the answer's citations.") { $0.number },
            .field("documentId") { $0.documentId },
            .field("documentName") { $0.documentName },
            .field("chunkId") { $0.chunkId },
            .field("content") { $0.content },
            .field("score", "0 to 1.") { $0.score },
            .field("position") { $0.position },
        ])
}

/// The sources of an answer, as JSON. They are written once, with the answer, and stay the same even if a document is
/// deleted.
public struct SourceList: Sendable {
    public let json: RawJSON

    public init(_ sources: [Message.Source]) {
        var writer = JSONWriter()
        sources.write(to: &writer)
        json = RawJSON(stored: writer.buffer.text)
    }

    public init(stored json: RawJSON) { self.json = json }
}

extension SourceList: JSONRepresentable {
    public static var schema: JSON { [Message.Source].schema }
    public func write(to writer: inout JSONWriter) { writer.value(json) }
}

/// How many tokens the model read and wrote.
public struct TokenUsage: Sendable {
    public var promptTokens: Int
    public var completionTokens: Int

    public init(promptTokens: Int, completionTokens: Int) {
        self.promptTokens = promptTokens
        self.completionTokens = completionTokens
    }
}

extension TokenUsage: Shaped {
    public static let shape = Shape<TokenUsage>(
        "Usage",
        [
            .field("promptTokens") { $0.promptTokens },
            .field("completionTokens") { $0.completionTokens },
            .field("totalTokens") { $0.promptTokens + $0.completionTokens },
        ])
}
