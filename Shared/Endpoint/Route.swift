import Models

/// Where a function is reached, and how it behaves there.
public struct Route: Sendable {
    public var method: String
    /// Other methods with the same meaning: `PATCH` beside `PUT`.
    public var aliases: [String] = []
    /// Below the base path, with parameters in braces.
    public var path: String
    public var summary: String
    public var tag: String
    /// When the gateway gives up on a call.
    public var timeoutSeconds = 30
    public var streams = false
    public var bodyKind = BodyKind.json
    /// The largest body it accepts, in bytes; the installation's configuration decides.
    public var maxBodyBytes = 1 << 20

    /// Which rate limit applies.
    public var limit = LimitClass.general
    /// It changes nothing, although it is not a GET: a search.
    public var isReadOnly = false
    /// It can grant access to others or send data out, so an API key needs the scope `admin`.
    public var needsAdminScope = false
    /// It supports `If-Match`.
    public var isConditional = false
    /// What an `Idempotency-Key` does; nil where repeating a request does no harm.
    public var idempotency: IdempotencyPolicy?

    /// The classes of requests, each with a rate limit of its own.
    public enum LimitClass: String, Sendable { case none, authentication, general, upload, chat }

    /// The kind of body, which decides which configured size limit applies.
    public enum BodyKind: Sendable { case json, upload }

    public init(_ method: String, aliases: [String] = [], _ path: String, tag: String, summary: String) {
        self.method = method
        self.aliases = aliases
        self.path = path
        self.tag = tag
        self.summary = summary
    }

    /// A function without a route: operators and timers start it.
    public static func `internal`(summary: String) -> Route {
        Route("", "", tag: "", summary: summary).rateLimited(as: .none)
    }

    /// Whether it can be reached over HTTP.
    public var isReachable: Bool { !path.isEmpty }

    public static func get(_ path: String, tag: String, summary: String) -> Route {
        Route("GET", path, tag: tag, summary: summary)
    }
    public static func post(_ path: String, tag: String, summary: String) -> Route {
        Route("POST", path, tag: tag, summary: summary)
    }
    /// An update of the fields that are given; `PATCH` means the same.
    public static func put(_ path: String, tag: String, summary: String) -> Route {
        Route("PUT", aliases: ["PATCH"], path, tag: tag, summary: summary)
    }
    public static func delete(_ path: String, tag: String, summary: String) -> Route {
        Route("DELETE", path, tag: tag, summary: summary)
    }

    public func accepting(_ kind: BodyKind) -> Route { with { $0.bodyKind = kind } }
    public func rateLimited(as limit: LimitClass) -> Route { with { $0.limit = limit } }
    public func readOnly() -> Route { with { $0.isReadOnly = true } }
    public func idempotent(_ policy: IdempotencyPolicy) -> Route { with { $0.idempotency = policy } }
    public func conditional() -> Route { with { $0.isConditional = true } }
    public func requiresAdminScope() -> Route { with { $0.needsAdminScope = true } }
    public func timeout(seconds: Int) -> Route { with { $0.timeoutSeconds = seconds } }
    public func streaming() -> Route { with { $0.streams = true } }

    private func with(_ change: (inout Route) -> Void) -> Route {
        var copy = self
        change(&copy)
        return copy
    }

    /// The scope that an API key needs to call it.
    public var keyScope: APIKey.Scope {
        if needsAdminScope { return .admin }
        return method == "GET" || isReadOnly ? .read : .write
    }

    /// Every method it answers. HEAD is GET without the body (RFC 9110 section 9.3.2), OPTIONS asks which methods
    /// there are.
    public var methods: [String] { [method] + aliases + (method == "GET" ? ["HEAD", "OPTIONS"] : ["OPTIONS"]) }
}
