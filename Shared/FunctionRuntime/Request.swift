import Wire

/// A request to a function, independent of the gateway.
public struct Request {
    public var id: String
    public var method: String
    /// As the client sent it, percent-encoded; empty if the caller omitted it.
    public var path: String
    public var pathParameters: [(name: String, value: String)]
    /// The stage of an HTTP API, whose name may prefix the path; empty for other gateways.
    var stage: String
    /// Decoded, in order, including repeated names.
    public var query: [(name: String, value: String)]
    /// Names in lower case. An array, because a cold start would spend as long on instantiating a dictionary's type as
    /// on verifying a token.
    public var headers: [(name: String, value: String)]
    public var cookies: [String]
    public var body: [UInt8]
    /// The peer's address; empty if the caller omitted it.
    public var sourceIP: String
    public var userAgent: String
    /// When the gateway received the request.
    public var time: Timestamp
    /// The caller's payload format. The response uses the same one.
    public var format: PayloadFormat
    /// Whether the envelope was written by hand. It did not come over HTTP, so its body needs no content type.
    public var isBare: Bool
    /// Whether nobody waits for the response any more, so that further work is wasted. Cheap enough to call at every
    /// step. Always false for gateways that do not tell.
    public var isAbandoned: () -> Bool = { false }

    public init(id: String = "") {
        self.id = id
        method = ""
        path = ""
        pathParameters = []
        stage = ""
        query = []
        headers = []
        cookies = []
        body = []
        sourceIP = ""
        userAgent = ""
        time = .now()
        format = .v2
        isBare = true
    }

    public func header(_ name: String) -> String? { headers.first { $0.name == name }?.value }
    public func pathParameter(_ name: String) -> String? { pathParameters.first { $0.name == name }?.value }
    /// The last value with that name.
    public func queryValue(_ name: String) -> String? { query.last { $0.name == name }?.value }
}

/// The payload formats of API Gateway (2.0 for HTTP APIs, 1.0 for REST APIs) and of the load balancer, which reads
/// either `headers` or `multiValueHeaders`, depending on its target group.
public enum PayloadFormat: Sendable {
    case v1, v2, loadBalancer, loadBalancerMultiValue

    var isLoadBalancer: Bool { self == .loadBalancer || self == .loadBalancerMultiValue }
}
