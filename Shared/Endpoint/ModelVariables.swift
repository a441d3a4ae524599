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
        let key = text("LLM_API_KEY")
        guard key?.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) ?? true else {
            throw Configuration.Problem(description: "LLM_API_KEY must be printable ASCII without blanks")
        }
        return ModelConfiguration(
            baseURL: base, apiKey: key, model: name, timeout: try number("LLM_TIMEOUT_SECONDS", "seconds", 1...110),
            maximumTokens: try number("LLM_MAX_TOKENS", "tokens", 1...1_000_000))
    }
}
