import Models
import Providers

/// Answers with a language model. Removes citations of passages that do not exist.
struct PromptedAnswerer: Answerer {
    let model: any LanguageModel

    func answer(_ prompt: Prompt, to sink: some AnswerSink) throws -> Generation {
        let listener = CitingListener(sink, numbers: prompt.passages.map(\.number))
        let request = ModelRequest(
            model: prompt.model, turns: PromptText(prompt: prompt).turns, temperature: prompt.temperature)
        let generation = try model.complete(request, to: listener)
        try listener.finish()
        return generation
    }
}

private final class CitingListener<Sink: AnswerSink>: ModelListener {
    private let sink: Sink
    private let numbers: [Int]
    private var filter: CitationFilter

    init(_ sink: Sink, numbers: [Int]) {
        self.sink = sink
        self.numbers = numbers
        filter = CitationFilter(count: numbers.count)
    }

    var isCancelled: Bool { sink.isCancelled }

    func begin() throws { try sink.begin(citing: numbers) }

    func receive(_ text: String) throws { try say(filter.pass(text)) }

    /// Passes on the text that was held back because it could have become a citation.
    func finish() throws { try say(filter.finish()) }

    private func say(_ piece: String) throws {
        if !piece.isEmpty { try sink.say(piece) }
    }
}
