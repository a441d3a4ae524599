/// Which function a request is for, and what is said where there is none.
extension Server {
    func route(_ head: RequestHead) throws(Refusal) -> RouteMatch {
        if head.path.equals("*") { throw Refusal(204, "", allow: routes.allMethods) }
        // Whether a page of another origin may ask is for the function to say.
        switch routes.find(head.preflightMethod ?? head.method, head.path) {
        case .found(let match): return match
        case .notFound:
            if folder.hasUnknownRoutes, routes.owns(head.path) { throw Self.unknown }
            throw notFound
        case .otherMethods(let allow):
            if head.method.equals("OPTIONS") { throw Refusal(204, "", allow: allow) }
            if folder.hasUnknownRoutes { throw Self.unknown }
            throw Refusal(405, "This endpoint does not take \(head.method.text)", allow: allow)
        }
    }

    /// Which routes a function has that has not described itself, nobody knows: this may be one of them.
    private static let unknown = Refusal(
        503, "A function that may serve this cannot be started at the moment", retryAfter: 5)

    /// A function's answer; that of `health` with the functions that cannot be served.
    func completed(_ body: [UInt8], for request: Connection.Request) -> [UInt8] {
        guard folder.hasFaults, let endpoint = request.exchange?.endpoint, endpoint.path == "/health" else {
            return body
        }
        return FunctionFault.report(folder.faults.filter { !$0.isServed }, in: body)
    }

    /// Says where to look, to whoever tries `/` in a browser.
    private var notFound: Refusal {
        let documentation = routes.endpoints.contains { $0.path == "/docs" } ? "\(options.basePath)/docs" : nil
        return Refusal(404, "There is no such endpoint\(documentation.map { "; \($0) shows what there is" } ?? "")")
    }
}
