import Models
import Retrieval
import Storage
import Wire

/// Answers messages from the documents of a workspace and keeps the conversation.
public struct Assistant {
    private let store: Store

    public init(store: Store) { self.store = store }

    /// A message to the assistant.
    public struct Question: Sendable {
        public var text: String
        public var conversationId: Conversation.ID?
        public var mode: WorkspaceSettings.ChatMode?
        public var topK: Int?
        public var documentIds: [Document.ID]

        public init(
            text: String, conversationId: Conversation.ID?, mode: WorkspaceSettings.ChatMode?, topK: Int?,
            documentIds: [Document.ID]
        ) {
            self.text = text
            self.conversationId = conversationId
            self.mode = mode
            self.topK = topK
            self.documentIds = documentIds
        }
    }

    /// The model's name where none is installed: sentences of the documents themselves.
    public static let builtInModel = "built-in"

    /// How many passages the built-in answerer chooses from, at least: it needs no context window.
    private static let minimumEvidence = 24

    /// Finds the answer. Nothing is stored before `keep`.
    public func answer(
        _ question: Question, in workspace: Workspace.ID, of user: User.ID, at now: Timestamp
    ) throws -> Answer {
        if let id = question.conversationId, try store.conversations.find(id, in: workspace, of: user) == nil {
            throw APIError.notFound("Conversation")
        }
        let settings = try store.workspaces.settings(of: workspace)
        var filter = PassageIndex.Filter()
        filter.documentIds = question.documentIds
        let hits = try PassageSearch(store.passages).find(
            SearchQuery(parsing: question.text), in: workspace, filter: filter,
            limit: max(question.topK ?? settings.topK, Self.minimumEvidence))
        let evidence = hits.enumerated().map { offset, hit in
            EvidencePassage(
                number: offset + 1, documentName: hit.documentName, heading: hit.passage.position.heading,
                content: hit.passage.content, score: hit.score)
        }
        let mode = question.mode ?? settings.chatMode
        let extract = ExtractiveAnswerer.answer(question.text, from: evidence, mode: mode == .chat ? .chat : .query)
        let sources = extract.cited.compactMap { number in
            hits.indices.contains(number - 1) ? Message.Source(number: number, hit: hits[number - 1]) : nil
        }
        return Answer(
            conversationId: question.conversationId, question: question.text, id: .new(at: now),
            content: extract.content, sources: sources, createdAt: now)
    }

    /// Adds the question and what was said of the answer to the conversation, which begins here if
    /// there is none yet.
    public func keep(
        _ answer: Answer, said content: String, finishReason: Message.FinishReason, in workspace: Workspace.ID,
        of user: User.ID
    ) throws -> ChatAnswer {
        let now = answer.createdAt
        let question = Message(id: .new(at: now), role: .user, content: answer.question, createdAt: now)
        let message = Message(
            id: answer.id, role: .assistant, content: content, sources: SourceList(answer.sources),
            model: Self.builtInModel, finishReason: finishReason, createdAt: now)
        // The built-in answerer reads no tokens and writes none.
        let usage = TokenUsage(promptTokens: 0, completionTokens: 0)
        return try store.write {
            let conversationId = try answer.conversationId
                ?? store.conversations.create(title: Self.title(answer.question), in: workspace, for: user, at: now)
            try store.conversations.append([(question, usage), (message, usage)], to: conversationId)
            return ChatAnswer(conversationId: conversationId, message: message, usage: usage, finishReason: finishReason)
        }
    }

    /// Begins the conversation of an answer that will be streamed, so that its id can be told first.
    public func begin(_ answer: inout Answer, in workspace: Workspace.ID, of user: User.ID) throws -> Conversation.ID {
        if let known = answer.conversationId { return known }
        let id = try store.conversations.create(
            title: Self.title(answer.question), in: workspace, for: user, at: answer.createdAt)
        answer.conversationId = id
        return id
    }

    /// The beginning of the first message, on one line.
    private static func title(_ question: String) -> String {
        let line = question.split(whereSeparator: \.isWhitespace).joined(separator: " ")
        return line.count <= 80 ? line : line.prefix(79) + "…"
    }
}

/// An answer that is ready to be said.
public struct Answer: Sendable {
    public var conversationId: Conversation.ID?
    public var question: String
    public var id: Message.ID
    public var content: String
    public var sources: [Message.Source]
    public var createdAt: Timestamp
}

/// What a message to the assistant gives back.
public struct ChatAnswer: Sendable {
    public var conversationId: Conversation.ID
    public var message: Message
    public var usage: TokenUsage
    public var finishReason: Message.FinishReason
}

extension ChatAnswer: Shaped {
    public static let shape = Shape<ChatAnswer>("ChatAnswer", [
        .field("conversationId") { $0.conversationId },
        .field("message") { $0.message },
        .field("usage") { $0.usage },
        .field("finishReason") { $0.finishReason },
    ])
}

extension Message.Source {
    fileprivate init(number: Int, hit: SearchHit) {
        self.init(
            number: number, documentId: hit.passage.documentId, documentName: hit.documentName,
            chunkId: hit.passage.id, content: hit.passage.content, score: hit.score, position: hit.passage.position)
    }
}
