/// Why the gateway itself answers a request, in words that are fit for the caller.
struct Refusal: Error, Equatable {
    let status: Int
    let message: String
    /// Seconds after which another try makes sense (`Retry-After`).
    var retryAfter: Int?
    /// The methods that the path takes (`Allow`).
    var allow: String?

    init(_ status: Int, _ message: String, retryAfter: Int? = nil, allow: String? = nil) {
        self.status = status
        self.message = message
        self.retryAfter = retryAfter
        self.allow = allow
    }

    /// The code that the API's error table gives this status.
    var code: StaticString {
        switch status {
        case 401: "UNAUTHORIZED"
        case 403: "FORBIDDEN"
        case 404: "NOT_FOUND"
        case 405: "METHOD_NOT_ALLOWED"
        case 413: "PAYLOAD_TOO_LARGE"
        case 421: "MISDIRECTED_REQUEST"
        case 503: "SERVICE_UNAVAILABLE"
        case 504: "GATEWAY_TIMEOUT"
        case 500...: "INTERNAL_ERROR"
        default: "BAD_REQUEST"
        }
    }
}
