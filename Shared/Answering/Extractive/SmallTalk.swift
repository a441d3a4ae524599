import Language

/// Replies to messages that are not questions about the documents.
enum SmallTalk {
    static let greeting =
        "Hello! Ask me about the documents in this workspace; I answer with sentences from them."
    static let thanks = "You are welcome. Ask me anything else about the documents."

    /// A fixed reply to a greeting, to thanks, or to a question about what this is for; nil for other messages.
    static func reply(to message: String) -> String? {
        guard message.utf8.count <= 80 else { return nil }
        var reader = WordReader(nil)
        let words = reader.words(of: message).filter { $0.kind == .word }.map(\.text).joined(separator: " ")
        if greetings.contains(words) { return greeting }
        return thanked.contains(words) ? thanks : nil
    }

    private static let greetings: Set<String> = [
        "hello", "hi", "hey", "hello there", "hi there", "hey there", "good morning",
        "good afternoon", "good evening", "how are you", "hello how are you", "help",
        "who are you", "what can you do", "what do you do", "what can i ask", "how can you help",
        "how can you help me", "can you help me",
    ]

    private static let thanked: Set<String> = [
        "thanks", "thank you", "thanks a lot", "thank you very much", "many thanks", "thx",
        "great thanks", "ok thanks", "thank you so much", "thanks for your help",
    ]
}
