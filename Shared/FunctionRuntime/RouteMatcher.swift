import Models
import Wire

/// Checks a request against the one route that this function has.
///
/// A gateway that routes fills in `pathParameters`; one that does not (a function URL, CGI, a route
/// for everything such as `/{proxy+}`) leaves the path to be taken apart here.
struct RouteMatcher {
    private let methods: [String]
    private let segments: [Substring]
    private let basePath: String
    /// The whole path of a route without parameters.
    private let wholePath: String?

    init(_ route: Route, basePath: String) {
        methods = route.methods
        segments = route.path.split(atByte: "/")
        self.basePath = basePath
        wholePath = route.path.utf8.contains(UInt8(ascii: "{")) ? nil : basePath + route.path
    }

    /// Fills in missing path parameters. Throws 404 for another path and 405 for another method.
    func match(_ request: inout Request) throws {
        if request.path == wholePath {
            request.pathParameters = []
        } else if !hasAllParameters(request), !request.path.isEmpty {
            guard let parameters = parameters(of: request.path) else { throw APIError.notFound("Resource") }
            request.pathParameters = parameters
        }
        if !request.method.isEmpty, !methods.contains(request.method) {
            throw APIError(
                .methodNotAllowed, "\(request.method) is not allowed here",
                headers: [("allow", methods.joined(separator: ", "))])
        }
    }

    /// Whether the gateway has taken the path apart. One that routes by `{proxy+}` has not.
    private func hasAllParameters(_ request: Request) -> Bool {
        guard !request.pathParameters.isEmpty else { return false }
        let names = segments.filter { $0.utf8.first == UInt8(ascii: "{") }.map { $0.dropFirst().dropLast() }
        return !names.isEmpty && names.allSatisfy { name in request.pathParameters.contains { $0.name == name } }
    }

    private func parameters(of path: String) -> [(name: String, value: String)]? {
        // NB: a gateway may have taken the base path away already.
        let below = path.without(prefix: basePath).flatMap { $0.starts(withBytes: "/") ? $0 : nil }
        let parts = (below ?? path[...]).split(atByte: "/")
        guard parts.count == segments.count else { return nil }
        var found: [(name: String, value: String)] = []
        for (segment, part) in zip(segments, parts) {
            if segment.starts(withBytes: "{") {
                found.append((String(segment.dropFirst().dropLast()), Percent.decode(part)))
            } else if segment != part, segment != Percent.decode(part) {
                return nil
            }
        }
        return found
    }
}
