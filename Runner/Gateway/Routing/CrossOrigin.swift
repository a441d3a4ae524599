import HTTP
import Wire

/// What pages of other origins may read of the answers that the gateway gives itself (the Fetch standard's CORS
/// protocol). Without it a page sees no 404, 502, 503 or 504, only that something failed. Functions answer for
/// themselves; the origins are the same, those of `CORS_ORIGINS`.
struct CrossOrigin {
    private let origins: AllowedOrigins

    /// - Parameter list: the value of `CORS_ORIGINS`. With one that is no such list, functions do not start, and no page
    ///   may read anything.
    init(_ list: String) { origins = AllowedOrigins(list: list) ?? AllowedOrigins() }

    /// The origin that the response to a request names; nil when its page may not read it.
    func allowed(_ head: RequestHead) -> String? {
        guard !origins.isEmpty, let field = head.fields.first(where: { $0.name.equals("origin") }) else { return nil }
        return origins.allowed(field.value.text)
    }

    /// The fields for an answer to a page of `origin`.
    /// - Parameter preflightMethod: the method that the page asks leave for, in a preflight.
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
