import HTTP
import Wire

/// One method on one path template, and the function that serves it.
final class Endpoint {
    let method: String
    /// Below the base path: `/workspaces/{workspaceId}`.
    let path: String
    let parameterNames: [String]
    let routeKey: String
    let pool: FunctionPool

    init(method: String, path: String, pool: FunctionPool) {
        self.method = method
        self.path = path
        self.pool = pool
        parameterNames = RouteTable.segments(path).compactMap(RouteTable.parameterName)
        routeKey = "\(method) \(path)"
    }

    /// Whether running the function twice does what running it once does not undo
    /// (RFC 9110 section 9.2.1).
    var isSafe: Bool { method == "GET" }
}

/// An endpoint with the values that its template's parameters have in a request's path, still
/// percent-encoded; views into the request.
struct RouteMatch {
    let endpoint: Endpoint
    let values: [Bytes]
}

/// A tree of path segments. Fixed segments win over parameters, so `/users/me` is found before
/// `/users/{userId}` whatever the order of registration.
struct RouteTable {
    enum Lookup {
        case found(RouteMatch)
        /// The path exists, the method does not; the methods it takes, for `Allow`.
        case otherMethods(String)
        case notFound
    }

    private final class Node {
        var fixed: [(segment: [UInt8], node: Node)] = []
        var parameter: Node?
        var endpoints: [Endpoint] = []
    }

    private let basePath: [UInt8]
    private let root = Node()
    private(set) var endpoints: [Endpoint] = []

    /// - Parameter basePath: what every path begins with: `/api/v1`, or nothing.
    init(basePath: String) { self.basePath = Array(basePath.utf8) }

    /// - Returns: false when another endpoint has this method and path already.
    mutating func add(_ endpoint: Endpoint) -> Bool {
        var node = root
        for segment in Self.segments(endpoint.path) {
            if Self.parameterName(segment) != nil {
                let next = node.parameter ?? Node()
                node.parameter = next
                node = next
            } else if let next = node.fixed.first(where: { $0.segment == Array(segment.utf8) })?.node {
                node = next
            } else {
                let next = Node()
                node.fixed.append((Array(segment.utf8), next))
                node = next
            }
        }
        if node.endpoints.contains(where: { $0.method == endpoint.method }) { return false }
        node.endpoints.append(endpoint)
        endpoints.append(endpoint)
        return true
    }

    /// HEAD is served by the endpoint of GET.
    func find(_ method: Bytes, _ path: Bytes) -> Lookup {
        guard owns(path) else { return .notFound }
        var values: [Bytes] = []
        guard let node = find(path.slice(from: basePath.count + 1), below: root, &values) else { return .notFound }
        let method = method.equals("HEAD") ? Self.get : method
        if let endpoint = node.endpoints.first(where: { $0.method.isEqual(to: method) }) {
            return .found(RouteMatch(endpoint: endpoint, values: values))
        }
        return .otherMethods(Self.allowed(node.endpoints))
    }

    /// Whether a path lies below the base path, so that a function may have it.
    func owns(_ path: Bytes) -> Bool {
        path.count > basePath.count && path[basePath.count] == UInt8(ascii: "/")
            && basePath.withUnsafeBufferPointer { $0.equals(path.slice(0..<$0.count)) }
    }

    /// - Parameter rest: the path after a slash; empty for a trailing one, which means nothing.
    private func find(_ rest: Bytes, below node: Node, _ values: inout [Bytes]) -> Node? {
        if rest.isEmpty { return node.endpoints.isEmpty ? nil : node }
        let end = rest.first(UInt8(ascii: "/"))
        let segment = rest.slice(0..<(end ?? rest.count))
        func descend(_ next: Node) -> Node? {
            guard let end else { return next.endpoints.isEmpty ? nil : next }
            return find(rest.slice(from: end + 1), below: next, &values)
        }
        for (name, next) in node.fixed where Self.matches(segment, name) {
            if let found = descend(next) { return found }
        }
        guard let parameter = node.parameter, !segment.isEmpty else { return nil }
        values.append(segment)
        if let found = descend(parameter) { return found }
        values.removeLast()
        return nil
    }

    private static func matches(_ segment: Bytes, _ name: [UInt8]) -> Bool {
        if name.withUnsafeBufferPointer({ $0.equals(segment) }) { return true }
        // `%75sers` is another spelling of `users` (RFC 3986 section 6.2.2.2).
        return segment.contains(UInt8(ascii: "%")) && Array(PercentEncoding.decode(segment.text).utf8) == name
    }

    private static func allowed(_ endpoints: [Endpoint]) -> String {
        var methods = endpoints.map(\.method)
        if methods.contains("GET") { methods.append("HEAD") }
        methods.append("OPTIONS")
        return methods.joined(separator: ", ")
    }

    /// Every method that some path takes, for `OPTIONS *`.
    var allMethods: String {
        var methods: [String] = []
        for endpoint in endpoints where !methods.contains(endpoint.method) { methods.append(endpoint.method) }
        return (methods + ["HEAD", "OPTIONS"]).joined(separator: ", ")
    }

    nonisolated(unsafe) private static let get: Bytes = {
        let word: StaticString = "GET"
        return Bytes(start: word.utf8Start, count: word.utf8CodeUnitCount)
    }()

    /// The parts of a template between its slashes; one at the end means nothing.
    static func segments(_ path: String) -> [Substring] {
        let parts = path.split(atByte: "/", omittingEmptySubsequences: false).dropFirst()
        return Array(parts.last?.isEmpty == true ? parts.dropLast() : parts)
    }

    /// `workspaceId` for `{workspaceId}`; nil for a fixed segment.
    static func parameterName(_ segment: Substring) -> String? {
        guard segment.utf8.first == UInt8(ascii: "{"), segment.utf8.last == UInt8(ascii: "}") else { return nil }
        return String(segment.dropFirst().dropLast())
    }
}

extension String {
    fileprivate func isEqual(to bytes: Bytes) -> Bool {
        var copy = self
        return copy.withUTF8 { $0.equals(bytes) }
    }
}
