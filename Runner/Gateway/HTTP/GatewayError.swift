/// An error response by the gateway itself, with a message for the client.
package struct GatewayError: Error, Equatable {
    package let status: Int
    package let message: String
    /// Seconds to wait before a retry (`Retry-After`).
    var retryAfter: Int?
    /// The methods that the path accepts (`Allow`).
    var allow: String?

    package init(_ status: Int, _ message: String, retryAfter: Int? = nil, allow: String? = nil) {
        self.status = status
        self.message = message
        self.retryAfter = retryAfter
        self.allow = allow
    }

    /// The API's error code for this status.
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
