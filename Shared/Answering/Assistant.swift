import Embedding
import Language
import Models
import Providers
import Search
import Storage
import Wire

/// Answers messages from a workspace's documents, and stores the conversation.
public struct Assistant {
    private let store: Store
    private let search: PassageSearch
    private let configuration: ModelConfiguration?
    private let embedding: EmbeddingConfiguration

    /// - Parameters:
    ///   - model: the model that answers; nil for the built-in answerer.
    ///   - embedding: the model that embeds questions. The built-in answerer compares sentences by the built-in one.
    ///   - reranker: orders what the search for sources finds; nil for none.
    ///   - searchBudgetMilliseconds: the processor time that the search for sources may use; 0 for no limit. When it
    ///     runs out, the answer uses the best passages found until then.
    public init(
        store: Store, model: ModelConfiguration?, embedding: EmbeddingConfiguration, reranker: RerankService? = nil,
        searchBudgetMilliseconds: Int
    ) {
        self.store = store
        search = PassageSearch(
            store, embedding: embedding, reranker: reranker, budgetMilliseconds: searchBudgetMilliseconds)
        configuration = model
        self.embedding = embedding
    }

    /// A message to the assistant. Properties that are nil default to the workspace's settings.
    public struct Question: Sendable {
        public var text: String
        public var conversationId: Conversation.ID?
        public var mode: WorkspaceSettings.ChatMode?
        public var topK: Int?
        /// The documents that the answer may use.
        public var filter = DocumentFilter()
        public var temperature: Double?
        public var model: String?
        /// Whether the answer tells why it has its sources, or none.
        public var explains = false
        /// The answer that an earlier attempt of the same request began.
        public var interrupted: Message.ID?

        public init(text: String) { self.text = text }
    }

    /// Answers a question and stores both. Without a conversation, starts a new one.
    ///
    /// With a listener, the answer is streamed, and stored however it ends: a cancelled or interrupted answer is stored
    /// as far as it got. Without one, only a complete answer is stored.
    ///
    /// - Parameter isAbandoned: whether nobody waits for an answer without listener any more.
    /// - Throws: 404 for a conversation that does not exist; `LLM_UNAVAILABLE`, `LLM_REJECTED`.
    public func answer(
        _ question: Question, in workspace: Workspace.ID, of user: User.ID, at now: Timestamp,
        to listener: (any AnswerListener)? = nil, isAbandoned: @escaping () -> Bool = { false }
    ) throws -> ChatAnswer {
        try store.prefetch { ahead in
            if let id = question.conversationId {
                ahead.add { _ = try store.conversations.find(id, in: workspace, of: user) }
            }
            ahead.add { _ = try store.workspaces.settings(of: workspace) }
            ahead.add { _ = try store.vectors.model(of: workspace) }
        }
        if let id = question.conversationId, try store.conversations.find(id, in: workspace, of: user) == nil {
            throw APIError.notFound("Conversation")
        }
        let settings = try store.workspaces.settings(of: workspace)
        let plan = try plan(question, settings, in: workspace)
        let recorder = AnswerRecorder(
            store, Draft(question, model: plan.modelName, in: workspace, of: user, at: now), hits: plan.hits,
            resuming: question.interrupted, listener, isAbandoned: isAbandoned)
        do {
            let generation = try plan.answerer.answer(plan.prompt, to: recorder)
            if generation.finishReason == .cancelled, listener == nil { throw Self.abandoned }
            if generation.quirks != plan.prompt.quirks {
                quirks?.learn(generation.quirks, of: plan.prompt.model, at: now)
            }
            var answer = try recorder.keep(generation)
            (answer.isPartial, answer.isReranked) = (plan.isPartial, plan.isReranked)
            if question.explains {
                // The answer is stored: without its explanation, it is still one.
                answer.explanation = try? explanation(
                    of: plan.hits, cited: recorder.cited, recorder.refusal, for: question, in: workspace)
            }
            return answer
        } catch let error as APIError where Self.isOfModel(error) && recorder.isStreaming {
            let unknown = TokenUsage(promptTokens: 0, completionTokens: 0)
            _ = try recorder.keep(Generation(finishReason: .error, usage: unknown))
            throw error
        }
    }

    private static func isOfModel(_ error: APIError) -> Bool {
        error.code == .modelUnavailable || error.code == .modelRejected
    }

    /// For a client that has gone, or a gateway that will not wait longer.
    private static var abandoned: APIError {
        APIError(.modelUnavailable, "The request ended before the answer was complete")
    }

    /// The model whose vectors the built-in answerer is calibrated for.
    private var meaning: (any Embedder)? {
        guard case .builtIn = embedding else { return nil }
        return Embedders.shared(embedding)
    }

    private var quirks: QuirkMemory? { configuration.map { QuirkMemory(store: store, url: $0.baseURL) } }

    // MARK: Explanation

    private func explanation(
        of hits: [SearchHit], cited: [Int], _ refusal: Refusal?, for question: Question, in workspace: Workspace.ID
    ) throws -> AnswerExplanation {
        if let refusal {
            let nearest = try refusal.hit(among: hits).flatMap { hit in
                try search.explained([hit], for: question.text, in: workspace).first.map {
                    AnswerExplanation.Nearest(hit: hit, excerpt: refusal.excerpt(of: hit), explanation: $0)
                }
            }
            return AnswerExplanation(
                sources: [], reason: refusal.reason(hasPassages: !hits.isEmpty), nearest: nearest)
        }
        let numbers = cited.filter { hits.indices.contains($0 - 1) }
        let explained = try search.explained(numbers.map { hits[$0 - 1] }, for: question.text, in: workspace)
        return AnswerExplanation(
            sources: zip(numbers, explained).map { AnswerExplanation.Source(number: $0, explanation: $1) })
    }

    // MARK: Plan

    private struct Plan {
        var answerer: any Answerer
        var modelName: String
        var prompt: Prompt
        var hits: [SearchHit]
        /// Whether the search ran out of budget.
        var isPartial: Bool
        /// Whether a reranker ordered the hits; nil if there is none.
        var isReranked: Bool?
    }

    private func plan(_ question: Question, _ settings: WorkspaceSettings, in workspace: Workspace.ID) throws -> Plan {
        let mode = question.mode ?? settings.chatMode
        let topK = question.topK ?? settings.topK
        var prompt = Prompt(
            question: question.text, passages: [], history: [], instructions: settings.systemPrompt, mode: mode,
            model: "", temperature: question.temperature ?? settings.temperature)
        guard let configuration, let model = LanguageModels.make(configuration) else {
            let found = try passages(for: question, in: workspace, limit: max(topK, BuiltInAnswerer.minimumEvidence))
            prompt.passages = try passages(of: found.hits, in: workspace)
            return Plan(
                answerer: BuiltInAnswerer(meaning: meaning, vector: found.vector),
                modelName: LanguageModels.builtIn, prompt: prompt, hits: found.hits, isPartial: found.isPartial,
                isReranked: found.isReranked)
        }
        let found = try passages(for: question, in: workspace, limit: topK)
        var hits = found.hits
        // The threshold is a share of the best score. Keyword scores fall with every word that the documents put
        // differently, so a fixed threshold would reject questions that they answer.
        let least = (hits.first?.score ?? 0) * settings.similarityThreshold
        hits.removeAll { $0.score < least }
        prompt.passages = try passages(of: hits, in: workspace)
        // Without passages, and with general knowledge not allowed, the built-in answerer says that it found nothing.
        if hits.isEmpty, mode == .query {
            return Plan(
                answerer: BuiltInAnswerer(meaning: nil), modelName: LanguageModels.builtIn, prompt: prompt,
                hits: [], isPartial: found.isPartial, isReranked: found.isReranked)
        }
        if let id = question.conversationId {
            prompt.history = Self.finished(try store.conversations.latest(settings.historyLength, of: id))
        }
        prompt.model = [question.model, settings.model].compactMap { $0 }.first { !$0.isEmpty } ?? configuration.model
        prompt.quirks = try quirks?.quirks(of: prompt.model, at: .now()) ?? []
        return Plan(
            answerer: PromptedAnswerer(model: model), modelName: prompt.model, prompt: prompt, hits: hits,
            isPartial: found.isPartial, isReranked: found.isReranked)
    }

    /// Leaves out questions whose answer is unfinished: it is still being generated, or its process died.
    private static func finished(_ messages: [Message]) -> [Message] {
        messages.enumerated().filter { offset, message in
            switch message.role {
            case .assistant: message.finishReason != nil
            case .user: offset + 1 == messages.count || messages[offset + 1].finishReason != nil
            }
        }.map(\.element)
    }

    private func passages(for question: Question, in workspace: Workspace.ID, limit: Int) throws
        -> PassageSearch.Evidence
    {
        try search.find(question: question.text, in: workspace, filter: question.filter, limit: limit)
    }

    private func passages(of hits: [SearchHit], in workspace: Workspace.ID) throws -> [EvidencePassage] {
        let versions = try DocumentVersions(of: hits, among: store.documents, in: workspace)
        return hits.enumerated().map { offset, hit in
            EvidencePassage(
                number: offset + 1, documentName: hit.documentName, heading: hit.passage.position.heading,
                content: hit.passage.content, score: hit.score,
                wordScore: hit.words ?? 0, language: hit.language.flatMap(TextLanguage.init(rawValue:)),
                version: versions.times(of: hit).map { .init(date: "\($0.indexed)", newestDate: "\($0.newest)") })
        }
    }
}
