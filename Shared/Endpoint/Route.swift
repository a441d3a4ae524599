import Models

/// Where a function is reached, and how it behaves there.
public struct Route: Sendable {
    public var method: String
    /// Other methods with the same meaning, such as `PATCH` for `PUT`.
    public var aliases: [String] = []
    /// Below the base path, with parameters in braces.
    public var path: String
    public var summary: String
    public var tag: String
    /// How long the gateway waits for a response.
    public var timeoutSeconds = 30
    public var streams = false
    /// Whether it waits for a language model, so that `timeoutSeconds` follows the limits of the installation's model, if it
    /// has one.
    public var awaitsModel = false
    public var bodyKind = BodyKind.json
    /// The largest accepted body in bytes, as the installation configures it.
    public var maxBodyBytes = 1 << 20

    /// The rate limit that applies.
    public var limit = LimitClass.general
    /// Whether it changes nothing although it is not a GET, like a search.
    public var isReadOnly = false
    /// Whether it can grant access to others or send data out. API keys then need the scope `admin`.
    public var needsAdminScope = false
    /// Whether it supports `If-Match`.
    public var isConditional = false
    /// What an `Idempotency-Key` does; nil if repeating the request does no harm.
    public var idempotency: IdempotencyPolicy?

    /// The classes of requests, each with its own rate limit.
    public enum LimitClass: String, Sendable { case none, authentication, general, upload, chat }

    /// The kind of body, which decides which size limit applies.
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
    /// Updates the given fields only; `PATCH` means the same.
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
    public func awaitingModel() -> Route { with { $0.awaitsModel = true } }
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

    /// Every method that the route answers. HEAD is GET without the body (RFC 9110 section 9.3.2); OPTIONS lists the
    /// methods.
    public var methods: [String] { [method] + aliases + (method == "GET" ? ["HEAD", "OPTIONS"] : ["OPTIONS"]) }
}
