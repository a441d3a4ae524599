import Models

/// Answers with sentences of the passages, where no model is installed.
struct BuiltInModel: LanguageModel {
    /// Its name in messages.
    static let name = "built-in"

    /// How many passages it chooses from, at least: it needs no context window.
    static let minimumEvidence = 24

    func answer(_ prompt: Prompt, to listener: some ModelListener) throws -> Generation {
        let extract = ExtractiveAnswerer.answer(
            prompt.question, from: prompt.passages, mode: prompt.mode == .chat ? .chat : .query)
        // It reads no tokens and writes none.
        let usage = TokenUsage(promptTokens: 0, completionTokens: 0)
        try listener.begin(citing: extract.cited)
        for word in Self.words(of: extract.content) {
            if listener.isCancelled { return Generation(finishReason: .cancelled, usage: usage) }
            try listener.say(word)
        }
        return Generation(finishReason: .stop, usage: usage)
    }

    /// Pieces that end with a word's last blank.
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
