import Models
import Wire

/// A model that is reached through OpenAI's chat API, which many servers implement: `POST {base}/chat/completions`,
/// streamed. https://platform.openai.com/docs/api-reference/chat
struct OpenAIChatModel: LanguageModel {
    let name = "openai-compatible"
    private let configuration: ModelConfiguration
    private let errors: ProviderErrors

    init(_ configuration: ModelConfiguration) {
        self.configuration = configuration
        errors = ProviderErrors(apiKey: configuration.apiKey)
    }

    /// The maximum size of a response in bytes. It is many times the size of the text.
    private static let responseLimit = 64 << 20
    /// Bytes of text per token, for providers that do not report usage.
    private static let bytesPerToken = 4

    // MARK: Completions

    func complete(_ request: ModelRequest, to listener: some ModelListener) throws -> Generation {
        let reader = CompletionReader(listener: listener)
        func generation(_ reason: Message.FinishReason) -> Generation {
            let size = request.turns.reduce(0) { $0 + $1.content.utf8.count }
            return Generation(
                finishReason: reason,
                usage: reader.usage
                    ?? TokenUsage(
                        promptTokens: (size + Self.bytesPerToken - 1) / Self.bytesPerToken,
                        completionTokens: (reader.length + Self.bytesPerToken - 1) / Self.bytesPerToken))
        }
        do {
            try httpRequest(request).send(to: reader) { listener.isCancelled }
            try reader.finish()
            return generation(reader.finishReason ?? .stop)
        } catch OutboundError.cancelled {
            return generation(.cancelled)
        } catch let error as OutboundError {
            throw errors.unavailable(error)
        } catch let failure as ProviderFailure {
            throw errors.unavailable(failure)
        }
    }

    private func httpRequest(_ request: ModelRequest) -> HTTPRequest {
        var writer = JSONWriter()
        writer.object { body in
            body.key("model")
            body.value(request.model)
            body.key("messages")
            body.array { messages in
                for turn in request.turns {
                    messages.object { message in
                        message.key("role")
                        message.value(turn.role.rawValue)
                        message.key("content")
                        message.value(turn.content)
                    }
                }
            }
            body.key("temperature")
            body.value(request.temperature)
            body.key("max_tokens")
            body.value(configuration.maximumTokens)
            body.key("stream")
            body.value(true)
            body.key("stream_options")
            body.object { options in
                options.key("include_usage")
                options.value(true)
            }
        }
        var http = HTTPRequest(
            "POST", configuration.baseURL + "/chat/completions",
            headers: authorization + [
                ("Content-Type", "application/json"), ("Accept", "text/event-stream, application/json"),
            ],
            body: Array(writer.buffer.bytes))
        http.limits.total = configuration.timeout * 1000
        http.limits.body = Self.responseLimit
        return http
    }

    private var authorization: [(name: String, value: String)] {
        configuration.apiKey.map { [("Authorization", "Bearer \($0)")] } ?? []
    }

    // MARK: Health

    /// In milliseconds.
    private static let probeTime = 2_000

    /// Requests the list of models. The provider need not have one: any response that shows neither a failure nor a
    /// refused key is good.
    func probe() throws {
        var request = HTTPRequest("GET", configuration.baseURL + "/models", headers: authorization)
        request.limits.connecting = Self.probeTime
        request.limits.total = Self.probeTime
        do {
            let status = try request.send().head.status
            guard status < 500, status != 401, status != 403 else {
                throw errors.unavailable(
                    ProviderFailure.status(status, retryAfter: nil, message: "listing its models failed"))
            }
        } catch OutboundError.tooLarge {
            return
        } catch let error as OutboundError {
            throw errors.unavailable(error)
        }
    }
}
