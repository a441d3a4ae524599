import Models
import Outbound
import Platform
import Wire

/// A model that is reached through OpenAI's chat API, which many servers implement: `POST {base}/chat/completions`,
/// streamed. https://platform.openai.com/docs/api-reference/chat
///
/// Models and servers differ in what they accept. If one refuses a part of the request that can be left out, the
/// request is sent again without it; `Generation.quirks` tells what was learned.
struct OpenAIChatModel: LanguageModel {
    let name = "openai-compatible"
    private let configuration: ModelConfiguration
    private let service: HTTPService
    private var errors: ProviderErrors { service.errors }

    init(_ configuration: ModelConfiguration) {
        self.configuration = configuration
        service = HTTPService(
            baseURL: configuration.baseURL, apiKey: configuration.apiKey,
            errors: ProviderErrors(apiKey: configuration.apiKey))
    }

    /// The maximum size of a response in bytes. It is many times the size of the text.
    private static let responseLimit = 64 << 20
    /// Bytes of text per token, for providers that do not report usage.
    private static let bytesPerToken = 4

    // MARK: Completions

    func complete(_ request: ModelRequest, to listener: some ModelListener) throws -> Generation {
        let start = Moment.now.adding(milliseconds: -request.millisecondsUsed)
        var request = request
        // Ends, because each round leaves out something more.
        while true {
            let reader = CompletionReader(
                listener: listener, startsInReasoning: request.quirks.contains(.startsInReasoning),
                mayStartInReasoning: request.quirks.contains(.mayStartInReasoning))
            do {
                return try complete(request, reader, listener, until: start + configuration.limits.total)
            } catch let failure as ProviderFailure {
                guard !reader.hasSaid, case .status(let status, _, let message) = failure else {
                    throw errors.error(failure)
                }
                if (400...500).contains(status), status == 413 || message.isContextTooLong, !message.isOutOfQuota {
                    throw ContextTooLong(
                        share: message.fittingShare, millisecondsUsed: Moment.now.since(start),
                        error: errors.error(failure))
                }
                guard !message.isFiltered, !message.isOutOfQuota,
                    let refused = message.refused(of: request.removable(status: status))
                else {
                    throw errors.error(failure)
                }
                request.quirks.insert(refused)
            } catch let error as OutboundError {
                throw errors.error(error)
            }
        }
    }

    private func complete<Listener: ModelListener>(
        _ request: ModelRequest, _ reader: CompletionReader<Listener>, _ listener: Listener, until deadline: Moment
    ) throws -> Generation {
        var quirks: Set<ModelQuirk> {
            let others = request.quirks.subtracting([.startsInReasoning, .mayStartInReasoning])
            guard reader.startedInReasoning else { return others }
            let isConfirmed = request.quirks.contains(.mayStartInReasoning) && reader.hasFoundReasoning
            let isKnown = isConfirmed || request.quirks.contains(.startsInReasoning)
            return others.union([isKnown ? .startsInReasoning : .mayStartInReasoning])
        }
        func generation(_ reason: Message.FinishReason) -> Generation {
            Generation(
                finishReason: reason,
                usage: reader.usage
                    ?? TokenUsage(
                        promptTokens: Self.tokens(request.size), completionTokens: Self.tokens(reader.length)),
                quirks: quirks)
        }
        var isSilent = false
        do {
            try httpRequest(request, until: deadline).send(to: reader) {
                isSilent = Moment.now.since(reader.lastSign) > Int64(silenceLimit(reader).seconds) * 1000
                return isSilent || !listener.keepWaiting()
            }
            try reader.finish()
            if reader.finishReason == .error { throw ProviderFailure.brokeOff }
            return generation(reader.finishReason ?? .stop)
        } catch OutboundError.cancelled {
            try reader.flush(isComplete: false)
            guard isSilent else { return generation(.cancelled) }
            throw ProviderFailure.silent(variable: silenceLimit(reader).variable)
        } catch OutboundError.timedOut where Moment.now >= deadline {
            try reader.flush(isComplete: false)
            throw ProviderFailure.silent(variable: "LLM_TOTAL_SECONDS")
        }
    }

    private func silenceLimit(_ reader: CompletionReader<some ModelListener>) -> (seconds: Int, variable: String) {
        reader.hasToken
            ? (configuration.limits.silence, "LLM_SILENCE_SECONDS")
            : (configuration.limits.firstToken, "LLM_FIRST_TOKEN_SECONDS")
    }

    private static func tokens(_ bytes: Int) -> Int { (bytes + bytesPerToken - 1) / bytesPerToken }

    private func httpRequest(_ request: ModelRequest, until deadline: Moment) -> HTTPRequest {
        let quirks = request.quirks
        var writer = JSONWriter()
        writer.object { body in
            body.key("model")
            body.value(request.model)
            body.key("messages")
            body.array { messages in
                for turn in request.acceptedTurns {
                    messages.object { message in
                        message.key("role")
                        message.value(turn.role.rawValue)
                        message.key("content")
                        message.value(turn.content)
                    }
                }
            }
            if let temperature = request.temperature, !quirks.contains(.noTemperature) {
                body.key("temperature")
                body.value(temperature)
            }
            let limits: [(ModelQuirk, StaticString)] = [
                (.noMaximumTokens, "max_tokens"), (.noMaximumCompletionTokens, "max_completion_tokens"),
            ]
            if let (_, name) = limits.first(where: { !quirks.contains($0.0) }) {
                body.key(name)
                body.value(configuration.maximumTokens)
            }
            body.key("stream")
            body.value(!quirks.contains(.noStreaming))
            if !quirks.contains(.noStreaming), !quirks.contains(.noStreamOptions) {
                body.key("stream_options")
                body.object { options in
                    options.key("include_usage")
                    options.value(true)
                }
            }
        }
        var http = HTTPRequest(
            "POST", configuration.baseURL + "/chat/completions",
            headers: service.authorization + [
                ("Content-Type", "application/json"), ("Accept", "text/event-stream, application/json"),
            ],
            body: Array(writer.buffer.bytes))
        http.limits.total = max(1, Int(deadline.since(.now)))
        http.limits.body = Self.responseLimit
        return http
    }

    // MARK: Health

    func probe() throws { try service.probe() }
}

extension ModelRequest {
    /// What the request contains that can be left out if the provider refuses it with this status, the most specific
    /// first. Servers that apply a model's template fail with a 500 if it has no system turn.
    fileprivate func removable(status: Int) -> [ModelQuirk] {
        var parts: [ModelQuirk] = []
        if [400, 422].contains(status) {
            parts = quirks.contains(.noMaximumTokens) ? [.noMaximumCompletionTokens] : [.noMaximumTokens]
            if temperature != nil { parts.append(.noTemperature) }
            if !quirks.contains(.noStreaming) { parts += [.noStreamOptions, .noStreaming] }
        }
        if [400, 422, 500].contains(status), turns.first?.role == .system { parts.append(.noSystemRole) }
        return parts.filter { !quirks.contains($0) }
    }

    /// The turns as the model accepts them.
    fileprivate var acceptedTurns: [Turn] {
        guard quirks.contains(.noSystemRole), turns.count > 1, let system = turns.first, system.role == .system else {
            return turns
        }
        var rest = Array(turns.dropFirst())
        rest[0].content = "\(system.content)\n\n\(rest[0].content)"
        return rest
    }
}
