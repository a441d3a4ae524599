import HTTP
import Wire

/// Finds the target for a method and a path in a tree of path segments. Fixed segments take precedence over parameters,
/// so `/users/me` is found before `/users/{userId}`, regardless of the order in which they were added.
struct RouteTable<Target> {
    /// A target, and the values of the path parameters, still percent-encoded, as views into the request.
    struct Match {
        let target: Target
        let values: [Bytes]
    }

    enum Lookup {
        case found(Match)
        /// The path exists, but not for this method. Lists the methods that it has, for `Allow`.
        case otherMethods(String)
        case notFound
    }

    private final class Node {
        var fixed: [(segment: [UInt8], node: Node)] = []
        var parameter: Node?
        var entries: [(method: String, target: Target)] = []
    }

    private let basePath: [UInt8]
    private let root = Node()
    private var methods: [String] = []

    /// - Parameter basePath: the prefix of every path: `/api/v1`, or empty.
    init(basePath: String) { self.basePath = Array(basePath.utf8) }

    /// - Parameter path: a template below the base path.
    /// - Returns: false if the table already has this method and path.
    mutating func add(_ method: String, _ path: String, _ target: Target) -> Bool {
        var node = root
        for segment in PathTemplate.segments(path) {
            if PathTemplate.parameterName(segment) != nil {
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
        if node.entries.contains(where: { $0.method == method }) { return false }
        node.entries.append((method, target))
        if !methods.contains(method) { methods.append(method) }
        return true
    }

    /// HEAD has the same target as GET.
    func find(_ method: Bytes, _ path: Bytes) -> Lookup {
        guard owns(path) else { return .notFound }
        var values: [Bytes] = []
        guard let node = find(path.slice(from: basePath.count + 1), below: root, &values) else { return .notFound }
        let isHead = method.equals("HEAD")
        for entry in node.entries where isHead ? entry.method == "GET" : entry.method.isEqual(to: method) {
            return .found(Match(target: entry.target, values: values))
        }
        return .otherMethods(Self.allowed(node.entries.map(\.method)))
    }

    /// Whether a path is below the base path.
    func owns(_ path: Bytes) -> Bool {
        path.count > basePath.count && path[basePath.count] == UInt8(ascii: "/")
            && basePath.withUnsafeBufferPointer { $0.equals(path.slice(0..<$0.count)) }
    }

    /// - Parameter rest: the path after a slash; empty for a trailing slash, which has no meaning.
    private func find(_ rest: Bytes, below node: Node, _ values: inout [Bytes]) -> Node? {
        if rest.isEmpty { return node.entries.isEmpty ? nil : node }
        let end = rest.first(UInt8(ascii: "/"))
        let segment = rest.slice(0..<(end ?? rest.count))
        func descend(_ next: Node) -> Node? {
            guard let end else { return next.entries.isEmpty ? nil : next }
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

    private static func allowed(_ methods: [String]) -> String {
        (methods + (methods.contains("GET") ? ["HEAD"] : []) + ["OPTIONS"]).joined(separator: ", ")
    }

    /// Every method of any path, for `OPTIONS *`.
    var allMethods: String { (methods + ["HEAD", "OPTIONS"]).joined(separator: ", ") }
}

extension String {
    fileprivate func isEqual(to bytes: Bytes) -> Bool {
        var copy = self
        return copy.withUTF8 { $0.equals(bytes) }
    }
}
