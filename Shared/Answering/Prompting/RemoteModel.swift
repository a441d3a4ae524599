import Models
import Providers
import Wire

/// A model behind an API like OpenAI's: `POST {base}/chat/completions`, streamed.
public struct RemoteModel: LanguageModel {
    private let endpoint: ModelEndpoint

    public init(_ endpoint: ModelEndpoint) { self.endpoint = endpoint }

    /// Bytes of a provider's whole answer, with all that its events have around the text.
    private static let responseLimit = 64 << 20
    /// Bytes of text that count as a token where the provider does not count.
    private static let bytesPerToken = 4

    // MARK: Answering

    func answer(_ prompt: Prompt, to listener: some ModelListener) throws -> Generation {
        let turns = PromptText(prompt: prompt).turns
        let reader = CompletionReader(listener: listener, passages: prompt.passages)
        func generation(_ reason: Message.FinishReason) -> Generation {
            let size = turns.reduce(0) { $0 + $1.content.utf8.count }
            return Generation(
                finishReason: reason,
                usage: reader.usage
                    ?? TokenUsage(
                        promptTokens: (size + Self.bytesPerToken - 1) / Self.bytesPerToken,
                        completionTokens: (reader.length + Self.bytesPerToken - 1) / Self.bytesPerToken))
        }
        do {
            try request(prompt, turns).send(to: reader) { listener.isCancelled }
            try reader.finish()
            return generation(reader.finishReason ?? .stop)
        } catch OutboundError.cancelled {
            try reader.flush()
            return generation(.cancelled)
        } catch let error as OutboundError {
            throw unavailable(error)
        } catch let failure as ProviderFailure {
            throw unavailable(failure)
        }
    }

    private func request(_ prompt: Prompt, _ turns: [PromptText.Turn]) -> HTTPRequest {
        var writer = JSONWriter()
        writer.object { body in
            body.key("model")
            body.value(prompt.model)
            body.key("messages")
            body.array { messages in
                for turn in turns {
                    messages.object { message in
                        message.key("role")
                        message.value(turn.role)
                        message.key("content")
                        message.value(turn.content)
                    }
                }
            }
            body.key("temperature")
            body.value(prompt.temperature)
            body.key("max_tokens")
            body.value(endpoint.maximumTokens)
            body.key("stream")
            body.value(true)
            body.key("stream_options")
            body.object { options in
                options.key("include_usage")
                options.value(true)
            }
        }
        var request = HTTPRequest(
            "POST", endpoint.baseURL + "/chat/completions",
            headers: authorization + [
                ("Content-Type", "application/json"), ("Accept", "text/event-stream, application/json"),
            ],
            body: Array(writer.buffer.bytes))
        request.limits.total = endpoint.timeout * 1000
        request.limits.body = Self.responseLimit
        return request
    }

    private var authorization: [(name: String, value: String)] {
        endpoint.apiKey.map { [("Authorization", "Bearer \($0)")] } ?? []
    }

    // MARK: Health

    /// Milliseconds for a question whether the provider is there.
    private static let probeTime = 2_000

    /// Asks the provider for its models. Throws `LLM_UNAVAILABLE` when it does not answer, fails, or
    /// does not take the key; whether it has such a list does not matter.
    public func probe() throws {
        var request = HTTPRequest("GET", endpoint.baseURL + "/models", headers: authorization)
        request.limits.connecting = Self.probeTime
        request.limits.total = Self.probeTime
        do {
            let status = try request.send().head.status
            guard status < 500, status != 401, status != 403 else {
                throw unavailable(ProviderFailure.status(status, retryAfter: nil, message: "asked for its models"))
            }
        } catch OutboundError.tooLarge {
            return
        } catch let error as OutboundError {
            throw unavailable(error)
        }
    }

    // MARK: Failures

    /// Seconds after which to try again when the provider does not say: it may be loading its model.
    private static let retryAfter = 5
    private static let longestRetry = 3_600

    private func unavailable(_ error: OutboundError) -> APIError {
        let message =
            switch error {
            case .timedOut: "The language model did not answer in time"
            case .interrupted, .tooLarge: "The language model's answer broke off"
            default: "The language model cannot be reached"
            }
        return unavailable(message, cause: error.description, retryAfter: nil)
    }

    private func unavailable(_ failure: ProviderFailure) -> APIError {
        switch failure {
        case .garbled(let reason):
            unavailable("The language model's answer cannot be read", cause: reason, retryAfter: nil)
        case .status(429, let retryAfter, let reason):
            unavailable("The language model has too much to do", cause: "429: \(reason)", retryAfter: retryAfter)
        case .status(let status, let retryAfter, let reason):
            unavailable(
                status < 500 ? "The language model's provider refused the request" : "The language model failed",
                cause: "\(status): \(reason)", retryAfter: retryAfter)
        }
    }

    private func unavailable(_ message: String, cause: String, retryAfter: Int?) -> APIError {
        // Some providers repeat the key that they do not like.
        let isTelling = endpoint.apiKey.map { cause.firstIndex(ofBytes: $0) != nil } ?? false
        let wait = min(max(1, retryAfter ?? Self.retryAfter), Self.longestRetry)
        return APIError(
            .modelUnavailable, message, headers: [("retry-after", String(wait))],
            cause: "language model: " + (isTelling ? "the reason has the key in it" : cause))
    }
}
