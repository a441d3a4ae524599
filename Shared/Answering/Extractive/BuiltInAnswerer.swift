import Embedding
import Models
import Providers

/// Answers with sentences from the passages when no language model is configured.
struct BuiltInAnswerer: Answerer {
    /// The minimum number of passages to choose from. There is no context window to save.
    static let minimumEvidence = 24

    /// The built-in embedding model; nil to compare words only.
    let meaning: (any Embedder)?
    /// The question's vector by that model, if it is known.
    var vector: [Float]?

    func answer(_ prompt: Prompt, to sink: some AnswerSink) throws -> Generation {
        let extract = ExtractiveAnswerer.answer(
            prompt.question, from: prompt.passages, mode: prompt.mode, meaning: meaning, vector: vector)
        // There are no tokens to count.
        let usage = TokenUsage(promptTokens: 0, completionTokens: 0)
        try sink.begin(citing: extract.cited)
        if extract.isRefusal { sink.refuse(Refusal(extract)) }
        for word in Self.words(of: extract.content) {
            if !sink.keepWaiting() { return Generation(finishReason: .cancelled, usage: usage) }
            try sink.say(word)
        }
        return Generation(finishReason: .stop, usage: usage)
    }

    /// Each word with the white space after it.
    private static func words(of text: String) -> [String] {
        var words: [String] = []
        var current = ""
        for character in text {
            current.append(character)
            if character == " " || character == "\n" {
                words.append(current)
                current = ""
            }
        }
        return current.isEmpty ? words : words + [current]
    }
}
