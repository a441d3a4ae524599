import Models
import Wire

/// A provider's response that is not a completion. The texts are for the log.
enum ProviderFailure: Error {
    case status(Int, retryAfter: Int?, message: String)
    case malformed(String)
}

/// Converts a provider's failures to `LLM_UNAVAILABLE`.
struct ProviderErrors {
    /// Seconds until a retry if the provider does not say: it may be loading its model.
    private static let retryAfter = 5
    private static let longestRetry = 3_600

    /// Kept out of the log: some providers repeat the key that they refuse.
    let apiKey: String?

    func unavailable(_ error: OutboundError) -> APIError {
        let message =
            switch error {
            case .timedOut: "The language model did not answer in time"
            case .interrupted, .tooLarge: "The language model's answer was interrupted"
            default: "The language model cannot be reached"
            }
        return unavailable(message, cause: error.description, retryAfter: nil)
    }

    func unavailable(_ failure: ProviderFailure) -> APIError {
        switch failure {
        case .malformed(let reason):
            unavailable("The language model's answer cannot be read", cause: reason, retryAfter: nil)
        case .status(429, let retryAfter, let reason):
            unavailable("The language model is overloaded", cause: "429: \(reason)", retryAfter: retryAfter)
        case .status(let status, let retryAfter, let reason):
            unavailable(
                status < 500 ? "The language model's provider refused the request" : "The language model failed",
                cause: "\(status): \(reason)", retryAfter: retryAfter)
        }
    }

    private func unavailable(_ message: String, cause: String, retryAfter: Int?) -> APIError {
        let hasKey = apiKey.map { cause.firstIndex(ofBytes: $0) != nil } ?? false
        let wait = min(max(1, retryAfter ?? Self.retryAfter), Self.longestRetry)
        return APIError(
            .modelUnavailable, message, headers: [("retry-after", String(wait))],
            cause: "language model: " + (hasKey ? "the reason is not logged because it contains the key" : cause))
    }
}
