import Models
import Outbound
import Platform
import Wire

/// Reads a chat completion: a stream of events, or one object from servers that do not stream.
final class CompletionReader<Listener: ModelListener>: HTTPReceiver {
    private let listener: Listener
    private var events = EventStreamParser()
    private var head: HTTPHead?
    /// Nil until it is known whether events come.
    private var isStream: Bool?
    private let whole = ByteBuffer()
    private var filter: ReasoningFilter
    private var hasBegun = false
    /// Whether a part of the answer has been passed on.
    private(set) var hasSaid = false
    /// Whether the reasoning had no opening tag.
    private(set) var startedInReasoning: Bool
    /// Whether that is certain: its end has come.
    var hasFoundReasoning: Bool { startedInReasoning && !filter.isAssumed }
    /// Bytes of text so far, with the reasoning.
    private(set) var length = 0
    private(set) var finishReason: Message.FinishReason?
    private(set) var usage: TokenUsage?
    private var isDone = false
    /// Whether a token of the answer or the reasoning has come, and when the last one came; before it, when the request
    /// began. Servers that wait for a place in a queue, and proxies, send events without a token.
    private(set) var hasToken = false
    private(set) var lastSign = Moment.now

    /// Bytes of a response that is not streamed, or is an error.
    private static var wholeLimit: Int { 1 << 20 }

    init(listener: Listener, startsInReasoning: Bool, mayStartInReasoning: Bool = false) {
        self.listener = listener
        startedInReasoning = startsInReasoning || mayStartInReasoning
        filter = ReasoningFilter(startsInReasoning: startsInReasoning, mayStartInReasoning: mayStartInReasoning)
    }

    // MARK: Stream

    func receive(_ head: HTTPHead) -> Bool {
        self.head = head
        if !head.isSuccess {
            isStream = false
        } else if head["content-type"]?.lowercasedASCII.starts(withBytes: "text/event-stream") == true {
            isStream = true
        }
        return true
    }

    func receive(_ piece: UnsafeBufferPointer<UInt8>) throws -> Bool {
        guard isStream != true else { return try receiveEvents(piece) }
        guard whole.count + piece.count <= Self.wholeLimit else { throw ProviderFailure.malformed("too much of it") }
        whole.append(piece)
        if isStream == nil, whole.count >= Self.shortestBeginning {
            isStream = beginsLikeEvents
            if isStream == true { return try receiveEvents(whole.bytes) }
        }
        // A whole answer has no first token to wait for.
        noteToken()
        return true
    }

    private func noteToken() { (hasToken, lastSign) = (true, .now) }

    /// Some servers send events under another content type.
    private var beginsLikeEvents: Bool {
        ["data:", ":", "event:", "id:", "retry:"].contains { whole.bytes.starts(with: $0.utf8) }
    }

    /// How many bytes show whether events come.
    private static var shortestBeginning: Int { 6 }

    private func receiveEvents(_ piece: UnsafeBufferPointer<UInt8>) throws -> Bool {
        do {
            return try events.parse(piece) { try take($0) }
        } catch is EventStreamParser.TooLong {
            throw ProviderFailure.malformed("an event is too long")
        }
    }

    private static func isEnd(_ data: UnsafeBufferPointer<UInt8>) -> Bool {
        let mark = "[DONE]".utf8
        return data.starts(with: mark) && data.dropFirst(mark.count).allSatisfy(ASCII.isBlank)
    }

    /// Reads one event's data. Returns false for the last event.
    private func take(_ data: UnsafeBufferPointer<UInt8>) throws -> Bool {
        if Self.isEnd(data) {
            isDone = true
            return false
        }
        try read(data, part: "delta")
        return true
    }

    // MARK: End

    /// Ends the response. Throws if it is incomplete.
    func finish() throws {
        guard let head else { throw ProviderFailure.malformed("no response") }
        guard head.isSuccess else {
            throw ProviderFailure.status(
                head.status, retryAfter: head.retryAfter,
                ProviderMessage(try? JSONReader.parse(whole.bytes, repairsSurrogates: true)))
        }
        if isStream != true {
            try read(whole.bytes, part: "message")
            isDone = true
        }
        guard hasBegun, isDone || finishReason != nil else { throw ProviderFailure.malformed("it broke off") }
        try flush(isComplete: finishReason != .length)
    }

    /// Passes on the text that the filter holds back.
    func flush(isComplete: Bool) throws {
        try say(filter.finish(isComplete: isComplete))
        if isComplete, filter.isAssumed { startedInReasoning = false }
    }

    // MARK: Objects

    private static var countable: ClosedRange<Int> { 0...1_000_000_000 }

    /// Reads a completion, or a chunk of one. Its text is in `choices[0]`, under `part`.
    private func read(_ bytes: UnsafeBufferPointer<UInt8>, part: String) throws {
        // Some providers split text between the halves of a surrogate pair.
        guard let object = try? JSONReader.parse(bytes, repairsSurrogates: true), object.object != nil else {
            throw ProviderFailure.malformed("no JSON")
        }
        if let error = object["error"], !error.isNull {
            let message = ProviderMessage(object)
            guard let status = ProviderMessage.status(in: error) else { throw ProviderFailure.error(message) }
            throw ProviderFailure.status(status, retryAfter: nil, message)
        }
        hasBegun = true
        // Ignores an impossible token count; the estimate replaces it.
        if let reported = object["usage"], let prompt = reported["prompt_tokens"]?.int, Self.countable.contains(prompt)
        {
            let completion = reported["completion_tokens"]?.int ?? 0
            usage = TokenUsage(
                promptTokens: prompt, completionTokens: Self.countable.contains(completion) ? completion : 0)
        }
        guard let choice = object["choices"]?.array?.first else { return }
        // Some servers stream one event with a whole message.
        if let message = choice[part] ?? (length == 0 ? choice["message"] : nil), !message.isNull {
            if Self.hasReasoning(message) { noteToken() }
            let text = Self.text(of: message)
            if !text.isEmpty {
                noteToken()
                length += text.utf8.count
                try say(filter.pass(text))
            }
        }
        if let reason = choice["finish_reason"]?.string { finishReason = Self.finishReason(reason) }
    }

    private func say(_ text: String) throws {
        if filter.hasFoundLateEnd {
            startedInReasoning = true
            hasSaid = false
            try listener.startOver()
        }
        guard !text.isEmpty else { return }
        hasSaid = true
        try listener.receive(text)
    }

    /// The text of a message: `content` is a text, or a list of parts of which some are text. A model that refuses to
    /// answer may say so in `refusal`.
    private static func text(of message: JSON) -> String {
        if let text = message["content"]?.string, !text.isEmpty { return text }
        if let text = message["content"]?["text"]?.string { return text }
        if let parts = message["content"]?.array {
            let texts = parts.compactMap { part -> String? in
                let type = part["type"]?.string ?? "text"
                if type == "refusal" { return part["refusal"]?.string }
                guard type == "text" || type == "output_text" else { return part.string }
                return part["text"]?.string ?? part["text"]?["value"]?.string ?? part.string
            }
            return texts.joined()
        }
        return message["refusal"]?.string ?? ""
    }

    private static func hasReasoning(_ message: JSON) -> Bool {
        if ["reasoning_content", "reasoning", "thinking"].contains(where: { message[$0]?.string?.isEmpty == false }) {
            return true
        }
        return message["content"]?.array?.isEmpty == false || message["tool_calls"]?.array?.isEmpty == false
    }

    /// The names of OpenAI, and those under which other providers report the same.
    private static func finishReason(_ name: String) -> Message.FinishReason {
        switch name.lowercasedASCII {
        case "length", "max_tokens", "model_length": .length
        case "content_filter", "safety", "sensitive", "recitation", "prohibited_content", "blocklist", "spii":
            .contentFilter
        case "error", "abort", "network_error", "insufficient_system_resource": .error
        default: .stop
        }
    }
}
