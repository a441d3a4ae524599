import Models
import Wire

/// Reads a chat completion: a stream of events, or one object from servers that do not stream.
final class CompletionReader<Listener: ModelListener>: HTTPReceiver {
    private let listener: Listener
    private var events = EventStreamParser()
    private var head: HTTPHead?
    private let whole = ByteBuffer()
    private(set) var hasBegun = false
    /// Bytes of text so far.
    private(set) var length = 0
    private(set) var finishReason: Message.FinishReason?
    private(set) var usage: TokenUsage?
    private var isDone = false

    /// Bytes of a response that is not streamed, or is an error.
    private static var wholeLimit: Int { 1 << 20 }

    init(listener: Listener) { self.listener = listener }

    // MARK: Stream

    func receive(_ head: HTTPHead) -> Bool {
        self.head = head
        return true
    }

    func receive(_ piece: UnsafeBufferPointer<UInt8>) throws -> Bool {
        guard isStream else {
            guard whole.count + piece.count <= Self.wholeLimit else {
                throw ProviderFailure.malformed("too much of it")
            }
            whole.append(piece)
            return true
        }
        do {
            return try events.parse(piece) { try take($0) }
        } catch is EventStreamParser.TooLong {
            throw ProviderFailure.malformed("an event is too long")
        }
    }

    private var isStream: Bool {
        head?.status == 200 && head?["content-type"]?.lowercasedASCII.starts(withBytes: "text/event-stream") == true
    }

    /// Reads one event's data. Returns false for the last event.
    private func take(_ data: UnsafeBufferPointer<UInt8>) throws -> Bool {
        if data.elementsEqual("[DONE]".utf8) {
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
        guard head.status == 200 else {
            throw ProviderFailure.status(
                head.status, retryAfter: head["retry-after"].flatMap { Int($0) }, message: errorMessage)
        }
        if !isStream {
            try read(whole.bytes, part: "message")
            isDone = true
        }
        guard hasBegun, isDone || finishReason != nil else { throw ProviderFailure.malformed("it broke off") }
    }

    private var errorMessage: String {
        let error = (try? JSONReader.parse(whole.bytes, repairsSurrogates: true))?["error"]
        return String((error?["message"]?.string ?? error?.string ?? "no reason given").prefix(300))
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
            throw ProviderFailure.malformed(String((error["message"]?.string ?? error.text).prefix(300)))
        }
        if !hasBegun {
            hasBegun = true
            try listener.begin()
        }
        // Ignores an impossible token count; the estimate replaces it.
        if let reported = object["usage"], let prompt = reported["prompt_tokens"]?.int, Self.countable.contains(prompt)
        {
            let completion = reported["completion_tokens"]?.int ?? 0
            usage = TokenUsage(
                promptTokens: prompt, completionTokens: Self.countable.contains(completion) ? completion : 0)
        }
        guard let choice = object["choices"]?.array?.first else { return }
        if let text = choice[part]?["content"]?.string, !text.isEmpty {
            length += text.utf8.count
            try listener.receive(text)
        }
        if let reason = choice["finish_reason"]?.string { finishReason = reason == "length" ? .length : .stop }
    }
}
