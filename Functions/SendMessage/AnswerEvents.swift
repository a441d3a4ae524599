import Answering
import Endpoint
import Models
import Wire

/// An answer as Server-Sent Events (the HTML standard, section 9.2): start, sources, delta…, then done or error. While
/// none of them is due, a comment keeps the connection alive: proxies end connections that are silent for a minute.
final class AnswerEvents: AnswerListener {
    private let stream: any ResponseStream
    private var hasBegun = false
    private var sinceLast = Stopwatch()

    /// Milliseconds between two signs of life.
    private static let interval = 10_000

    init(to stream: any ResponseStream) { self.stream = stream }

    /// Sends what `answer` produces. An error before the first event is rethrown and becomes an error response; a later
    /// one is sent as the last event.
    func send(_ answer: (AnswerEvents) throws -> ChatAnswer) throws {
        do {
            let kept = try answer(self)
            try send("done") { data in
                data.key("usage")
                kept.usage.write(to: &data)
                data.key("finishReason")
                kept.finishReason.write(to: &data)
                if kept.isPartial {
                    data.key("partial")
                    data.value(true)
                }
                if let isReranked = kept.isReranked {
                    data.key("reranked")
                    data.value(isReranked)
                }
                if let explanation = kept.explanation {
                    data.key("explain")
                    explanation.write(to: &data)
                }
            }
        } catch let error as APIError where hasBegun {
            try send("error") { data in
                data.key("error")
                data.object { object in
                    object.key("code")
                    object.value(error.code.rawValue)
                    object.key("message")
                    object.value(error.message)
                }
            }
            throw error
        }
    }

    func keepWaiting() -> Bool {
        if hasBegun, sinceLast.wholeMilliseconds >= Self.interval {
            // A client that does not receive it is gone, which the stream tells.
            try? pass(": keep-alive\n\n")
        }
        return !stream.isCancelled
    }

    func begin(_ conversation: Conversation.ID, _ message: Message.ID, _ sources: [Message.Source]) throws {
        hasBegun = true
        try send("start") { data in
            data.key("conversationId")
            conversation.write(to: &data)
            data.key("messageId")
            message.write(to: &data)
        }
        try cite(sources)
    }

    func cite(_ sources: [Message.Source]) throws {
        try send("sources") { data in
            data.key("sources")
            sources.write(to: &data)
        }
    }

    func say(_ piece: String) throws {
        try send("delta") { data in
            data.key("content")
            data.value(piece)
        }
    }

    private func send(_ event: String, _ data: (inout JSONWriter) -> Void) throws {
        var writer = JSONWriter()
        writer.object(data)
        try pass("event: \(event)\ndata: \(writer.buffer.text)\n\n")
    }

    private func pass(_ text: String) throws {
        sinceLast = Stopwatch()
        try stream.send(text)
    }
}
