import Models
import Outbound
import Wire

/// A provider's response that is not a completion. The texts are for the log.
enum ProviderFailure: Error {
    case status(Int, retryAfter: Int?, ProviderMessage)
    case malformed(String)
    /// An answer of the right form whose content cannot be used; the same request would get it again.
    case unusable(String)
    /// An error without a status, instead of a completion or within it.
    case error(ProviderMessage)
    /// The model, or its server, ended the answer for a reason that is a failure.
    case brokeOff
    /// It took longer than the limit, which the variable sets.
    case silent(variable: String)

    /// The statuses below 500 after which the same request may succeed: timeouts, conflicts and rate limits.
    private static let temporary = [408, 409, 423, 425, 429]

    /// Whether the same request may succeed a little later.
    var isTemporary: Bool {
        guard case .status(let status, _, let reason) = self else { return false }
        if status > 500 || status == 500 && !reason.isContextTooLong { return true }
        return Self.temporary.contains(status) && !reason.isOutOfQuota
    }
}

/// Converts a provider's failures to errors of the API: `LLM_REJECTED` if the same request would fail again, otherwise
/// `LLM_UNAVAILABLE`.
struct ProviderErrors {
    /// Seconds until a retry if the provider does not say: it may be loading its model.
    private static let retryAfter = 5
    private static let longestRetry = 3_600
    /// What failed, as callers read it.
    var subject = "language model"
    /// What is too long if the provider says so.
    var content = "conversation"
    /// Kept out of the log: some providers repeat the key that they refuse.
    let apiKey: String?

    func error(_ error: OutboundError) -> APIError {
        let message =
            switch error {
            case .timedOut: "The \(subject) did not answer in time"
            case .interrupted, .tooLarge: "The \(subject)'s answer was interrupted"
            default: "The \(subject) cannot be reached"
            }
        return unavailable(message, cause: error.description, retryAfter: nil)
    }

    func error(_ failure: ProviderFailure) -> APIError {
        switch failure {
        case .malformed(let reason):
            return unavailable("The \(subject)'s answer cannot be read", cause: reason, retryAfter: nil)
        case .unusable(let reason):
            return rejected("The \(subject)'s answer cannot be used", cause: reason)
        case .error(let reason):
            return unavailable("The \(subject)'s answer cannot be read", cause: loggable(reason), retryAfter: nil)
        case .brokeOff:
            return unavailable(
                "The \(subject)'s answer was interrupted", cause: "its finish reason is a failure", retryAfter: nil)
        case .silent(let variable):
            return unavailable(
                "The \(subject) did not answer in time", cause: "silent for longer than \(variable)", retryAfter: nil)
        case .status(let status, let retryAfter, let reason):
            let cause = "\(status): \(loggable(reason))"
            if status > 500 || status == 500 && !reason.isContextTooLong {
                return unavailable("The \(subject) failed", cause: cause, retryAfter: retryAfter)
            }
            if failure.isTemporary {
                return unavailable("The \(subject) is overloaded", cause: cause, retryAfter: retryAfter)
            }
            return rejected(message(status, reason), cause: cause)
        }
    }

    private func message(_ status: Int, _ reason: ProviderMessage) -> String {
        if reason.isOutOfQuota { return "The quota at the \(subject)'s provider is used up" }
        if reason.isFiltered { return "The content filter of the \(subject)'s provider refused the request" }
        if status == 413 || reason.isContextTooLong { return "The \(content) is too long for the \(subject)" }
        return switch status {
        case 401, 403: "The \(subject)'s provider refused the installation's key"
        case 404: "The \(subject)'s provider does not know the model or the address"
        default: "The \(subject)'s provider rejected the request"
        }
    }

    private func unavailable(_ message: String, cause: String, retryAfter: Int?) -> APIError {
        let wait = min(max(1, retryAfter ?? Self.retryAfter), Self.longestRetry)
        return APIError(
            .modelUnavailable, message, headers: [("retry-after", String(wait))], cause: "\(subject): \(cause)")
    }

    private func rejected(_ message: String, cause: String) -> APIError {
        APIError(.modelRejected, message, cause: "\(subject): \(cause)")
    }

    /// The message, which is cut, unless the whole of it contains the key.
    private func loggable(_ reason: ProviderMessage) -> String {
        let hasKey = apiKey.map(reason.contains) ?? false
        return hasKey ? "the reason is not logged because it contains the key" : reason.text
    }
}
