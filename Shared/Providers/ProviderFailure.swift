import Models
import Wire

/// A provider's response that is not a completion. The texts are for the log.
enum ProviderFailure: Error {
    case status(Int, retryAfter: Int?, ProviderMessage)
    case malformed(String)
    /// An error without a status, instead of a completion or within it.
    case error(ProviderMessage)
    /// The model, or its server, ended the answer for a reason that is a failure.
    case brokeOff
    /// It took longer than the limit, which the variable sets.
    case silent(variable: String)
}

/// Converts a provider's failures to errors of the API: `LLM_REJECTED` if the same request would fail again, otherwise
/// `LLM_UNAVAILABLE`.
struct ProviderErrors {
    /// Seconds until a retry if the provider does not say: it may be loading its model.
    private static let retryAfter = 5
    private static let longestRetry = 3_600
    /// The statuses below 500 after which the same request may succeed: timeouts, conflicts and rate limits.
    private static let temporary = [408, 409, 423, 425, 429]

    /// Kept out of the log: some providers repeat the key that they refuse.
    let apiKey: String?

    func error(_ error: OutboundError) -> APIError {
        let message =
            switch error {
            case .timedOut: "The language model did not answer in time"
            case .interrupted, .tooLarge: "The language model's answer was interrupted"
            default: "The language model cannot be reached"
            }
        return unavailable(message, cause: error.description, retryAfter: nil)
    }

    func error(_ failure: ProviderFailure) -> APIError {
        switch failure {
        case .malformed(let reason):
            return unavailable("The language model's answer cannot be read", cause: reason, retryAfter: nil)
        case .error(let reason):
            return unavailable(
                "The language model's answer cannot be read", cause: loggable(reason), retryAfter: nil)
        case .brokeOff:
            return unavailable(
                "The language model's answer was interrupted", cause: "its finish reason is a failure",
                retryAfter: nil)
        case .silent(let variable):
            return unavailable(
                "The language model did not answer in time", cause: "silent for longer than \(variable)",
                retryAfter: nil)
        case .status(let status, let retryAfter, let reason):
            let cause = "\(status): \(loggable(reason))"
            if status > 500 || status == 500 && !reason.isContextTooLong {
                return unavailable("The language model failed", cause: cause, retryAfter: retryAfter)
            }
            if Self.temporary.contains(status), !reason.isOutOfQuota {
                return unavailable("The language model is overloaded", cause: cause, retryAfter: retryAfter)
            }
            return rejected(Self.message(status, reason), cause: cause)
        }
    }

    private static func message(_ status: Int, _ reason: ProviderMessage) -> String {
        if reason.isOutOfQuota { return "The quota at the language model's provider is used up" }
        if reason.isFiltered { return "The content filter of the language model's provider refused the request" }
        if status == 413 || reason.isContextTooLong { return "The conversation is too long for the language model" }
        return switch status {
        case 401, 403: "The language model's provider refused the installation's key"
        case 404: "The language model's provider does not know the model or the address"
        default: "The language model's provider rejected the request"
        }
    }

    private func unavailable(_ message: String, cause: String, retryAfter: Int?) -> APIError {
        let wait = min(max(1, retryAfter ?? Self.retryAfter), Self.longestRetry)
        return APIError(
            .modelUnavailable, message, headers: [("retry-after", String(wait))], cause: "language model: \(cause)")
    }

    private func rejected(_ message: String, cause: String) -> APIError {
        APIError(.modelRejected, message, cause: "language model: \(cause)")
    }

    /// The message, which is cut, unless the whole of it contains the key.
    private func loggable(_ reason: ProviderMessage) -> String {
        let hasKey = apiKey.map(reason.contains) ?? false
        return hasKey ? "the reason is not logged because it contains the key" : reason.text
    }
}
