import Models
import Storage
import Wire

/// What takes a streamed answer.
public protocol AnswerListener: AnyObject {
    /// Whether nobody waits any more. Cheap enough to be asked at every word.
    var isCancelled: Bool { get }
    /// Comes once, before the first piece, when the answer is on its way.
    func begin(_ conversation: Conversation.ID, _ message: Message.ID, _ sources: [Message.Source]) throws
    func say(_ piece: String) throws
}

/// What is known of an answer before it is made.
struct Draft {
    let question: String
    var conversationId: Conversation.ID?
    let id: Message.ID
    let model: String
    let workspace: Workspace.ID
    let user: User.ID
    let createdAt: Timestamp

    init(
        _ question: Assistant.Question, model: String, in workspace: Workspace.ID, of user: User.ID, at now: Timestamp
    ) {
        self.question = question.text
        conversationId = question.conversationId
        id = .new(at: now)
        self.model = model
        self.workspace = workspace
        self.user = user
        createdAt = now
    }

    /// The beginning of the question, on one line.
    var title: String {
        let line = question.split(whereSeparator: \.isWhitespace).joined(separator: " ")
        return line.count <= 80 ? line : line.prefix(79) + "…"
    }
}

/// Takes down what a model says, passes it on, and keeps it in the conversation.
final class AnswerRecorder: ModelListener {
    private let store: Store
    private var draft: Draft
    private let hits: [SearchHit]
    private let listener: (any AnswerListener)?
    private var said = ""
    private var sources: [Message.Source] = []
    private var hasBegun = false

    init(_ store: Store, _ draft: Draft, hits: [SearchHit], _ listener: (any AnswerListener)?) {
        self.store = store
        self.draft = draft
        self.hits = hits
        self.listener = listener
    }

    /// Whether somebody has been told the beginning of the answer.
    var isStreaming: Bool { hasBegun && listener != nil }

    var isCancelled: Bool { listener?.isCancelled ?? false }

    func begin(citing numbers: [Int]) throws {
        sources = numbers.compactMap { number in
            hits.indices.contains(number - 1) ? Message.Source(number: number, hit: hits[number - 1]) : nil
        }
        hasBegun = true
        guard let listener else { return }
        // The conversation's id is told before anything can be kept in it.
        let conversationId = try conversation()
        draft.conversationId = conversationId
        try listener.begin(conversationId, draft.id, sources)
    }

    func say(_ piece: String) throws {
        said += piece
        try listener?.say(piece)
    }

    /// Adds the question and what was said to the conversation.
    func keep(_ generation: Generation) throws -> ChatAnswer {
        let now = draft.createdAt
        let question = Message(id: .new(at: now), role: .user, content: draft.question, createdAt: now)
        let message = Message(
            id: draft.id, role: .assistant, content: said, sources: SourceList(sources), model: draft.model,
            finishReason: generation.finishReason, createdAt: now)
        let usage = generation.usage
        return try store.write {
            let conversationId = try conversation()
            try store.conversations.append([(question, usage), (message, usage)], to: conversationId)
            let answer = ChatAnswer(
                conversationId: conversationId, message: message, usage: usage, finishReason: generation.finishReason)
            let asked = AskedQuestion(conversationId: conversationId, message: question)
            try store.events.record(.chatMessage, in: draft.workspace, at: now, asked)
            try store.events.record(.responseGenerated, in: draft.workspace, at: now, answer)
            return answer
        }
    }

    /// The conversation, made if there is none yet.
    private func conversation() throws -> Conversation.ID {
        if let known = draft.conversationId { return known }
        return try store.write {
            let id = try store.conversations.create(
                title: draft.title, in: draft.workspace, for: draft.user, at: draft.createdAt)
            if let conversation = try store.conversations.find(id, in: draft.workspace, of: draft.user) {
                try store.events.record(.conversationStarted, in: draft.workspace, at: draft.createdAt, conversation)
            }
            return id
        }
    }
}

/// What a message to the assistant gives back.
public struct ChatAnswer: Sendable {
    public var conversationId: Conversation.ID
    public var message: Message
    public var usage: TokenUsage
    public var finishReason: Message.FinishReason
    /// Whether the search for sources had to end early, so that the answer is made from the best that it had found.
    public var isPartial = false
}

extension ChatAnswer: Shaped {
    public static let shape = Shape<ChatAnswer>(
        "ChatAnswer",
        [
            .field("conversationId") { $0.conversationId },
            .field("message") { $0.message },
            .field("usage") { $0.usage },
            .field("finishReason") { $0.finishReason },
            .optional(
                "partial",
                "The search for sources took more than the installation allows: the answer is made from the best that it found until then."
            ) { $0.isPartial ? true : nil },
        ])
}

/// A question, as webhooks are told of it.
private struct AskedQuestion: Shaped {
    let conversationId: Conversation.ID
    let message: Message

    static let shape = Shape<AskedQuestion>(
        "AskedQuestion", [.field("conversationId") { $0.conversationId }, .field("message") { $0.message }])
}

extension Message.Source {
    fileprivate init(number: Int, hit: SearchHit) {
        self.init(
            number: number, documentId: hit.passage.documentId, documentName: hit.documentName,
            chunkId: hit.passage.id, content: hit.passage.content, score: hit.score, position: hit.passage.position)
    }
}
