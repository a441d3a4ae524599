import Chat
import FunctionRuntime
import Models
import Wire

/// An answer as Server-Sent Events (the HTML standard, section 9.2): start, sources, delta…, and
/// done or error.
struct AnswerEvents {
    let answer: Answer
    let conversationId: Conversation.ID

    /// Sends the answer word by word. A client that goes away ends it: what was sent until then is
    /// kept, as cancelled.
    func send(
        to stream: any ResponseStream, keep: (String, Message.FinishReason) throws -> ChatAnswer
    ) throws {
        try send("start", to: stream) { data in
            data.key("conversationId")
            conversationId.write(to: &data)
            data.key("messageId")
            answer.id.write(to: &data)
        }
        try send("sources", to: stream) { data in
            data.key("sources")
            answer.sources.write(to: &data)
        }
        var said = ""
        for word in words {
            if stream.isCancelled {
                _ = try keep(said, .cancelled)
                return
            }
            said += word
            try send("delta", to: stream) { data in
                data.key("content")
                data.value(word)
            }
        }
        do {
            let kept = try keep(said, .stop)
            try send("done", to: stream) { data in
                data.key("usage")
                kept.usage.write(to: &data)
                data.key("finishReason")
                kept.finishReason.write(to: &data)
            }
        } catch let error as APIError {
            try send("error", to: stream) { data in
                data.key("error")
                data.object { object in
                    object.key("code")
                    object.value(error.code.rawValue)
                    object.key("message")
                    object.value(error.message)
                }
            }
        }
    }

    /// The content in pieces that end with a word's last blank.
    private var words: [String] {
        var words: [String] = []
        var current = ""
        for character in answer.content {
            current.append(character)
            if character == " " || character == "\n" {
                words.append(current)
                current = ""
            }
        }
        return current.isEmpty ? words : words + [current]
    }

    private func send(
        _ event: String, to stream: any ResponseStream, _ data: (inout JSONWriter) -> Void
    ) throws {
        var writer = JSONWriter()
        writer.object(data)
        try stream.send("event: \(event)\ndata: \(writer.buffer.text)\n\n")
    }
}
