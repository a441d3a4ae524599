import Models
import Providers
import Storage
import Wire

/// Receives a streamed answer.
public protocol AnswerListener: AnyObject {
    /// Called for each piece, and at least every 50 ms while a language model is awaited: keeps the connection alive.
    /// Returns false if nobody waits for the answer any more.
    func keepWaiting() -> Bool
    /// Called once, before everything else.
    func begin(_ conversation: Conversation.ID, _ message: Message.ID, _ sources: [Message.Source]) throws
    /// Replaces the sources, before the first piece.
    func cite(_ sources: [Message.Source]) throws
    func say(_ piece: String) throws
}

/// The part of an answer that is known before it is generated.
struct Draft {
    let question: String
    var conversationId: Conversation.ID?
    var id: Message.ID
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

/// Records an answer, passes it on, and stores it in the conversation.
final class AnswerRecorder: AnswerSink {
    private let store: Store
    private var draft: Draft
    private let hits: [SearchHit]
    private let listener: (any AnswerListener)?
    private let isAbandoned: () -> Bool
    private var said = ""
    private var sources: [Message.Source] = []
    private(set) var refusal: Refusal?
    private var hasBegun = false
    /// Whether the question is stored, with an unfinished answer.
    private var isKept = false
    private let question: Message
    private let interrupted: Message.ID?

    /// - Parameters:
    ///   - interrupted: the answer that an earlier attempt of the same request began before its process died.
    ///   - isAbandoned: whether nobody waits for an answer that is not streamed.
    init(
        _ store: Store, _ draft: Draft, hits: [SearchHit], resuming interrupted: Message.ID?,
        _ listener: (any AnswerListener)?, isAbandoned: @escaping () -> Bool
    ) {
        self.store = store
        self.draft = draft
        self.interrupted = interrupted
        question = Message(
            id: .new(at: draft.createdAt), role: .user, content: draft.question, createdAt: draft.createdAt)
        self.hits = hits
        self.listener = listener
        self.isAbandoned = isAbandoned
    }

    /// The numbers of the passages that the answer may cite.
    var cited: [Int] { sources.map(\.number) }

    /// Whether the client has received the beginning of the answer.
    var isStreaming: Bool { hasBegun && listener != nil }

    func keepWaiting() -> Bool { listener?.keepWaiting() ?? !isAbandoned() }

    func begin(citing numbers: [Int]) throws {
        sources = numbers.compactMap { number in
            hits.indices.contains(number - 1) ? Message.Source(number: number, hit: hits[number - 1]) : nil
        }
        defer { hasBegun = true }
        guard let listener else { return }
        if hasBegun { return try listener.cite(sources) }
        try listener.begin(try beginTurn(), draft.id, sources)
    }

    /// Stores the question and an empty answer before the client receives their identifiers, so that neither is lost if
    /// the process dies. Resumes an answer that an earlier attempt began.
    private func beginTurn() throws -> Conversation.ID {
        if let interrupted,
            let id = try store.conversations.unfinished(
                interrupted, in: draft.workspace, of: draft.user)
        {
            draft.id = interrupted
            draft.conversationId = id
        } else {
            let none = TokenUsage(promptTokens: 0, completionTokens: 0)
            let answer = Message(
                id: draft.id, role: .assistant, content: "", model: draft.model, createdAt: draft.createdAt)
            draft.conversationId = try store.write {
                let id = try conversation()
                try store.conversations.append([(question, none), (answer, none)], to: id)
                try recordQuestion(in: id)
                try store.idempotency.note(draft.id.text)
                return id
            }
        }
        isKept = true
        return try conversation()
    }

    private func recordQuestion(in conversation: Conversation.ID) throws {
        try store.events.record(
            .chatMessage, in: draft.workspace, at: draft.createdAt,
            AskedQuestion(conversationId: conversation, message: question))
    }

    func say(_ piece: String) throws {
        said += piece
        try listener?.say(piece)
    }

    func refuse(_ refusal: Refusal) { self.refusal = refusal }

    /// A client that has received the text keeps it; the stored answer begins again.
    func startOver() { said = "" }

    /// Stores the question and the answer in the conversation.
    func keep(_ generation: Generation) throws -> ChatAnswer {
        let now = draft.createdAt
        let message = Message(
            id: draft.id, role: .assistant, content: said, sources: SourceList(sources), model: draft.model,
            finishReason: generation.finishReason, createdAt: now)
        let usage = generation.usage
        return try store.writeConclusion {
            let conversationId = try conversation()
            if !isKept {
                try store.conversations.append([(question, usage), (message, usage)], to: conversationId)
                try recordQuestion(in: conversationId)
            } else if try !store.conversations.finish(message, usage: usage, in: conversationId) {
                throw APIError.notFound("Conversation")
            }
            let answer = ChatAnswer(
                conversationId: conversationId, message: message, usage: usage, finishReason: generation.finishReason)
            try store.events.record(.responseGenerated, in: draft.workspace, at: now, answer)
            return answer
        }
    }

    /// The conversation, created if necessary.
    private func conversation() throws -> Conversation.ID {
        if let known = draft.conversationId { return known }
        return try store.write {
            let conversation = try store.conversations.create(
                title: draft.title, in: draft.workspace, for: draft.user, at: draft.createdAt)
            try store.events.record(.conversationStarted, in: draft.workspace, at: draft.createdAt, conversation)
            return conversation.id
        }
    }
}

/// The assistant's answer to a message.
public struct ChatAnswer: Sendable {
    public var conversationId: Conversation.ID
    public var message: Message
    public var usage: TokenUsage
    public var finishReason: Message.FinishReason
    /// Whether the search for sources ran out of budget. The answer then uses the best passages found until then.
    public var isPartial = false
    /// Whether a reranker ordered the passages that the answer is made from; nil if there is none.
    public var isReranked: Bool?
    /// Why it has its sources, or none, if somebody asked.
    public var explanation: AnswerExplanation?
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
            .optional(
                "reranked",
                "Whether the installation's reranker ordered the passages that the answer is made from. If it did not answer in time, they keep their order. Absent without a reranker."
            ) { $0.isReranked },
            .optional("explain", "Only if the request asks for it.") { $0.explanation },
        ])
}

/// The payload of `chat.message`. Webhooks receive the questions of all members, although a conversation belongs to the
/// person who began it: workspace owners and managers use them to archive and moderate. The conversation's identifier
/// links question and answer.
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
