import Models
import Wire

extension Configuration.Reader {
    /// Reads the variables `LLM_…`; nil if they name no provider.
    func model() throws(Configuration.Problem) -> ModelConfiguration? {
        guard let url = text("LLM_BASE_URL") else { return nil }
        let base = url.ends(withBytes: "/") ? String(url.dropLast()) : url
        let isPlain = base.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F }
        guard base.starts(withBytes: "http://") || base.starts(withBytes: "https://"), isPlain else {
            throw Configuration.Problem(
                description: "LLM_BASE_URL must be the URL of an API like OpenAI's, such as http://127.0.0.1:8080/v1")
        }
        guard let name = text("LLM_MODEL") else {
            throw Configuration.Problem(description: "LLM_MODEL must name a model where LLM_BASE_URL is set")
        }
        return ModelConfiguration(
            baseURL: base, apiKey: try serviceKey("LLM_API_KEY"), model: name, limits: try modelLimits(),
            maximumTokens: try number("LLM_MAX_TOKENS", "tokens", 1...1_000_000))
    }

    /// Twelve hours: the runner accepts no deadline of more than a day.
    private static let longestWait = 43_200

    /// `LLM_TIMEOUT_SECONDS` is the earlier name. It limited whole answers; now it limits only silence, so that no
    /// answer that arrived within it is cut off.
    private func modelLimits() throws(Configuration.Problem) -> ModelConfiguration.Limits {
        func seconds(_ name: String) throws(Configuration.Problem) -> Int? {
            try number(name, "seconds", 1...Self.longestWait)
        }
        var limits = ModelConfiguration.Limits()
        let earlier = try seconds("LLM_TIMEOUT_SECONDS")
        limits.firstToken = try seconds("LLM_FIRST_TOKEN_SECONDS") ?? earlier ?? limits.firstToken
        limits.silence = try seconds("LLM_SILENCE_SECONDS") ?? earlier ?? limits.silence
        limits.total = try seconds("LLM_TOTAL_SECONDS") ?? max(limits.total, earlier ?? 0)
        return limits
    }
}
