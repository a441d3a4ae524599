import Wire

/// A route that two functions claim, and the function that does not get it.
package struct RouteConflict {
    package let route: String
    package let ignored: String
}

/// Finds the function for a request, or the gateway's own response if there is none.
final class Router {
    private let basePath: String
    private let folder: FolderStatus
    private let log: GatewayLog
    private var table: RouteTable<RouteTarget>
    private var documentation: String?
    private(set) var conflicts: [RouteConflict] = []
    private var hosts: HostNames
    private var hasRefusedHost = false

    init(_ configuration: Configuration, folder: FolderStatus, log: GatewayLog) {
        basePath = configuration.basePath
        self.folder = folder
        self.log = log
        table = RouteTable(basePath: basePath)
        hosts = HostNames(configuration.allowedHosts, isLocal: configuration.isLocal)
    }

    /// Replaces all routes with those of these functions.
    func serve(_ functions: [ServedFunction]) {
        table = RouteTable(basePath: basePath)
        conflicts = []
        documentation = nil
        for function in functions {
            guard let route = function.description.route else { continue }
            if route.path == "/docs" { documentation = basePath + route.path }
            for method in route.methods {
                let target = RouteTarget(method: method, path: route.path, pool: function.pool)
                if table.add(method, route.path, target) { continue }
                conflicts.append(RouteConflict(route: target.routeKey, ignored: function.description.name))
                log.event(
                    .error, "two functions have the same route",
                    [("route", target.routeKey), ("ignored", function.description.name)])
            }
        }
    }

    /// Throws the response if no function serves the request.
    func match(_ head: RequestHead) throws(GatewayError) -> RouteTable<RouteTarget>.Match {
        try admitHost(head)
        if head.path.equals("*") { throw GatewayError(204, "", allow: table.allMethods) }
        // The function decides whether a page of another origin may call it.
        switch table.find(head.preflightMethod ?? head.method, head.path) {
        case .found(let match): return match
        case .notFound:
            if folder.hasUnknownRoutes, table.owns(head.path) { throw Self.unknown }
            throw notFound
        case .otherMethods(let allow):
            if head.method.equals("OPTIONS") { throw GatewayError(204, "", allow: allow) }
            if folder.hasUnknownRoutes { throw Self.unknown }
            throw GatewayError(405, "This endpoint does not accept \(head.method.text)", allow: allow)
        }
    }

    /// Refuses a request for another host. The first refusal is logged, because a proxy's requests are refused as well
    /// until the operator allows the name that it passes on.
    private func admitHost(_ head: RequestHead) throws(GatewayError) {
        do throws(GatewayError) {
            try hosts.admit(head)
        } catch {
            if !hasRefusedHost {
                log.event(.warning, "a request for another host was refused", [("reason", error.message)])
            }
            hasRefusedHost = true
            throw error
        }
    }

    /// The routes of a function that has not described itself are unknown, and this may be one of them. A 404 would be
    /// worse: a client may take it to mean that a resource was deleted.
    private static let unknown = GatewayError(
        503, "A function that may serve this cannot be started at the moment", retryAfter: 5)

    /// Points to the documentation, for people who open `/` in a browser.
    private var notFound: GatewayError {
        GatewayError(404, "There is no such endpoint\(documentation.map { "; see \($0)" } ?? "")")
    }

    /// Completes a function's response: adds the functions that cannot be served to that of `health`.
    func completed(_ body: [UInt8], of target: RouteTarget?) -> [UInt8] {
        guard folder.hasFaults, target?.path == "/health" else { return body }
        return FunctionFault.report(folder.faults.filter { !$0.isServed }, in: body)
    }
}
