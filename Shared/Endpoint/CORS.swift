import FunctionRuntime
import Wire

/// Cross-origin requests (the Fetch standard's CORS protocol). Tokens travel in a header, never in
/// cookies, so credentials are not allowed and `*` is safe.
struct CORS {
    let origins: [String]

    private static let exposed = """
        etag, location, retry-after, content-disposition, content-range, idempotent-replayed, x-request-id, \
        x-ratelimit-limit, x-ratelimit-remaining, x-ratelimit-reset, x-quota-limit, x-quota-remaining
        """
    private static let allowed = """
        authorization, content-type, accept, if-match, if-none-match, if-range, range, idempotency-key, x-request-id
        """
    private static let maximumAge = "600"

    func apply(to response: inout Response, for request: Request, route: Route) {
        guard !origins.isEmpty else { return }
        let isOpen = origins.contains("*")
        if !isOpen { response.headers.append(("vary", "Origin")) }
        guard let origin = request.header("origin"), isOpen || origins.contains(origin.lowercasedASCII) else { return }
        response.headers.append(("access-control-allow-origin", isOpen ? "*" : origin))
        if request.method == "OPTIONS" {
            response.headers += [
                ("access-control-allow-methods", route.methods.joined(separator: ", ")),
                ("access-control-allow-headers", Self.allowed), ("access-control-max-age", Self.maximumAge),
            ]
        } else {
            response.headers.append(("access-control-expose-headers", Self.exposed))
        }
    }
}
