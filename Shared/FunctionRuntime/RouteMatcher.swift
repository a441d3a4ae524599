import HTTP
import Models
import Wire

/// Checks a request against this function's only route.
///
/// A gateway that routes fills in `pathParameters`. For one that does not (a function URL, CGI, a catch-all route such
/// as `/{proxy+}`), the path is parsed here.
struct RouteMatcher {
    private let methods: [String]
    private let segments: [Substring]
    private let basePath: String
    /// The whole path, if the route has no parameters.
    private let wholePath: String?

    init(methods: [String], path: String, basePath: String) {
        self.methods = methods
        segments = path.split(atByte: "/")
        self.basePath = basePath
        wholePath = path.utf8.contains(UInt8(ascii: "{")) ? nil : basePath + path
    }

    /// Fills in missing path parameters. Throws 404 if the path does not match, and 405 if the method does not.
    func match(_ request: inout Request) throws {
        if request.path == wholePath {
            request.pathParameters = []
        } else if !hasAllParameters(request), !request.path.isEmpty {
            guard let parameters = parameters(of: &request) else { throw APIError.notFound("Resource") }
            request.pathParameters = parameters
        }
        if !request.method.isEmpty, !methods.contains(request.method) {
            throw APIError(
                .methodNotAllowed, "\(request.method) is not allowed here",
                headers: [("allow", methods.joined(separator: ", "))])
        }
    }

    /// Whether the gateway has parsed the path. One with a `{proxy+}` route has not.
    private func hasAllParameters(_ request: Request) -> Bool {
        guard !request.pathParameters.isEmpty else { return false }
        let names = segments.filter { $0.utf8.first == UInt8(ascii: "{") }.map { $0.dropFirst().dropLast() }
        return !names.isEmpty && names.allSatisfy { name in request.pathParameters.contains { $0.name == name } }
    }

    /// Matches the path as it is, or without the stage that an HTTP API prefixes. A stage may have the name of the base
    /// path's first segment, and a custom domain omits the stage, so it is removed only if the path does not match with
    /// it.
    private func parameters(of request: inout Request) -> [(name: String, value: String)]? {
        if let found = parameters(of: request.path[...]) { return found }
        guard request.format == .v2, !request.stage.isEmpty,
            let rest = Self.rest(of: request.path[...], below: "/\(request.stage)"), let found = parameters(of: rest)
        else { return nil }
        request.path = String(rest)
        return found
    }

    /// The rest after `prefix`, starting with a slash; nil for a path that is not below it.
    private static func rest(of path: Substring, below prefix: String) -> Substring? {
        path.without(prefix: prefix).flatMap { $0.starts(withBytes: "/") ? $0 : nil }
    }

    private func parameters(of path: Substring) -> [(name: String, value: String)]? {
        // NB: a gateway may have removed the base path already.
        let stripped = Self.rest(of: path, below: basePath) ?? path
        guard stripped.starts(withBytes: "/") else { return nil }
        var parts = Array(stripped.split(atByte: "/", omittingEmptySubsequences: false).dropFirst())
        // A trailing slash has no meaning; an empty segment elsewhere makes it a different path.
        if parts.last?.isEmpty == true { parts.removeLast() }
        guard parts.count == segments.count, !parts.contains(where: \.isEmpty) else { return nil }
        var found: [(name: String, value: String)] = []
        for (segment, part) in zip(segments, parts) {
            if segment.starts(withBytes: "{") {
                found.append((String(segment.dropFirst().dropLast()), PercentEncoding.decode(part)))
            } else if segment != part, segment != PercentEncoding.decode(part) {
                return nil
            }
        }
        return found
    }
}
