import HTTP
import Wire

/// Lets pages of other origins read the gateway's own responses (the Fetch standard's CORS protocol). Without it, a
/// page cannot tell a 404, 502, 503 or 504 from any other failure. Functions do the same for their responses. Both use
/// the origins in `CORS_ORIGINS`.
struct CrossOrigin {
    let origins: AllowedOrigins

    /// The origin to name in the response; nil if its page may not read it.
    func allowed(_ head: RequestHead) -> String? {
        guard !origins.isEmpty, let origin = head.value("origin") else { return nil }
        return origins.allowed(origin.text)
    }

    /// Writes the fields that allow a page of `origin` to read the response.
    /// - Parameter preflightMethod: the method that a preflight asks about.
    func write(_ origin: String, preflightMethod: String?, to writer: ResponseWriter) {
        writer.field("Access-Control-Allow-Origin", origin)
        if !origins.isOpen { writer.field("Vary", "Origin") }
        if let preflightMethod {
            writer.field("Access-Control-Allow-Methods", preflightMethod)
            writer.field("Access-Control-Allow-Headers", AllowedOrigins.requestHeaders)
        } else {
            writer.field("Access-Control-Expose-Headers", "retry-after, x-request-id")
        }
    }
}
