/// One method on one path template, and the function that serves it.
final class RouteTarget {
    let method: String
    /// Below the base path: `/workspaces/{workspaceId}`.
    let path: String
    let parameterNames: [String]
    /// `GET /workspaces/{workspaceId}`
    let routeKey: String
    let pool: FunctionPool

    init(method: String, path: String, pool: FunctionPool) {
        self.method = method
        self.path = path
        self.pool = pool
        parameterNames = PathTemplate.segments(path).compactMap(PathTemplate.parameterName)
        routeKey = "\(method) \(path)"
    }

    /// Whether the function may run twice without harm (RFC 9110 section 9.2.1).
    var isSafe: Bool { method == "GET" }
}
