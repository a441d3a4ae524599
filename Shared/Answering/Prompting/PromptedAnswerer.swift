import Models
import Providers

/// Answers with a language model. Removes citations of passages that do not exist.
struct PromptedAnswerer: Answerer {
    let model: any LanguageModel

    /// If the prompt does not fit into the model's context, it is shortened once.
    func answer(_ prompt: Prompt, to sink: some AnswerSink) throws -> Generation {
        try sink.begin(citing: prompt.passages.map(\.number))
        do {
            return try complete(prompt, to: sink)
        } catch let problem as ContextTooLong {
            guard let shorter = PromptText(prompt: prompt).shortened(to: problem.share) else { throw problem.error }
            if shorter.passages.count < prompt.passages.count {
                try sink.begin(citing: shorter.passages.map(\.number))
            }
            do {
                return try complete(shorter, to: sink, after: problem.millisecondsUsed)
            } catch let problem as ContextTooLong {
                throw problem.error
            }
        }
    }

    private func complete(
        _ prompt: Prompt, to sink: some AnswerSink, after millisecondsUsed: Int64 = 0
    ) throws -> Generation {
        let listener = CitingListener(sink, citable: Set(prompt.passages.map(\.number)))
        var request = ModelRequest(
            model: prompt.model, turns: PromptText(prompt: prompt).turns, temperature: prompt.temperature,
            quirks: prompt.quirks)
        request.millisecondsUsed = millisecondsUsed
        let generation: Generation
        do {
            generation = try model.complete(request, to: listener)
        } catch {
            try listener.finish()
            throw error
        }
        try listener.finish()
        if !listener.hasText, generation.finishReason != .cancelled { throw Self.empty(generation.finishReason) }
        return generation
    }

    /// An answer without text is an error. It would be empty again if it was cut off.
    private static func empty(_ reason: Message.FinishReason) -> APIError {
        let cause = "language model: no text, finish reason \(reason.rawValue)"
        return switch reason {
        case .length:
            APIError(
                .modelRejected,
                "The language model used up its tokens, probably for its reasoning, before it began to answer",
                cause: cause)
        case .contentFilter:
            APIError(
                .modelRejected, "The content filter of the language model's provider withheld the answer",
                cause: cause)
        default: APIError(.modelUnavailable, "The language model's answer has no text", cause: cause)
        }
    }
}

private final class CitingListener<Sink: AnswerSink>: ModelListener {
    private let sink: Sink
    /// The numbers of the passages.
    private let citable: Set<Int>
    private var filter: CitationFilter
    /// Whether the answer has more than blanks.
    private(set) var hasText = false

    init(_ sink: Sink, citable: Set<Int>) {
        (self.sink, self.citable) = (sink, citable)
        filter = CitationFilter(existing: citable)
    }

    func keepWaiting() -> Bool { sink.keepWaiting() }

    func receive(_ text: String) throws { try say(filter.pass(text)) }

    /// Passes on the text that was held back because it could have become a citation.
    func finish() throws { try say(filter.finish()) }

    func startOver() throws {
        filter = CitationFilter(existing: citable)
        hasText = false
        try sink.startOver()
    }

    private func say(_ piece: String) throws {
        if piece.isEmpty { return }
        hasText = hasText || piece.unicodeScalars.contains { !$0.properties.isWhitespace }
        try sink.say(piece)
    }
}
