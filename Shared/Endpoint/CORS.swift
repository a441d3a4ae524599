import FunctionRuntime
import HTTP

/// The CORS header fields of responses to pages of other origins (the Fetch standard).
struct CORS {
    let origins: AllowedOrigins

    private static let exposed = """
        etag, location, retry-after, content-disposition, content-range, idempotent-replayed, x-request-id, \
        x-ratelimit-limit, x-ratelimit-remaining, x-ratelimit-reset, x-quota-limit, x-quota-remaining
        """
    private static let maximumAge = "600"

    func apply(to response: inout Response, for request: Request, route: Route) {
        guard !origins.isEmpty else { return }
        if !origins.isOpen { response.headers.append(("vary", "Origin")) }
        guard let origin = request.header("origin").flatMap(origins.allowed) else { return }
        response.headers.append(("access-control-allow-origin", origin))
        if request.method == "OPTIONS" {
            response.headers += [
                ("access-control-allow-methods", route.methods.joined(separator: ", ")),
                ("access-control-allow-headers", AllowedOrigins.requestHeaders),
                ("access-control-max-age", Self.maximumAge),
            ]
        } else {
            response.headers.append(("access-control-expose-headers", Self.exposed))
        }
    }
}
