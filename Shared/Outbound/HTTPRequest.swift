import Wire

/// A request to another server, over HTTP or HTTPS.
///
/// Redirects are not followed. The URL and the headers never appear among a process's arguments.
public struct HTTPRequest: Sendable {
    public var method: String
    /// An absolute `http` or `https` URL, already percent-encoded.
    public var url: String
    public var headers: [(name: String, value: String)]
    public var body: [UInt8]?
    /// A regular file to send from its beginning, instead of `body`; not for requests in parallel. `curl` reads it piece
    /// by piece.
    public var file: Int32?
    public var limits: Limits
    /// The addresses to connect to, whatever the URL says; from `AddressGuard`. Such a request uses no proxy, because a
    /// proxy would resolve the name again.
    public var pin: Pin?

    /// Limits of time and size.
    public struct Limits: Sendable {
        /// Milliseconds until the connection is established, including TLS.
        public var connecting = 5_000
        /// Milliseconds from the start to the last byte.
        public var total = 30_000
        /// Bytes of the response's body.
        public var body = 4 << 20

        public init() {}
    }

    public init(
        _ method: String = "GET", _ url: String, headers: [(name: String, value: String)] = [], body: [UInt8]? = nil,
        limits: Limits = Limits(), pin: Pin? = nil
    ) {
        self.method = method
        self.url = url
        self.headers = headers
        self.body = body
        self.limits = limits
        self.pin = pin
    }
}

/// The status line and the headers of a response.
public struct HTTPHead: Equatable, Sendable {
    public var status: Int
    /// Names are in lower case, in order of arrival.
    public var headers: [Header]

    public struct Header: Equatable, Sendable {
        public var name: String
        public var value: String
    }

    public var isSuccess: Bool { (200..<300).contains(status) }

    /// The first value of a header, by name in lower case.
    public subscript(name: String) -> String? { headers.first { $0.name == name }?.value }

    /// The longest wait that is believed, in seconds.
    private static let longestWait = 86_400

    /// The seconds of `Retry-After`, at most a day; nil if it has none, or another form: RFC 9110 section 10.2.3.
    public var retryAfter: Int? {
        guard let text = self["retry-after"], !text.isEmpty, text.utf8.allSatisfy(ASCII.isDigit) else { return nil }
        return min(Int(text) ?? .max, Self.longestWait)
    }
}

/// A complete response.
public struct HTTPResponse: Equatable, Sendable {
    public var head: HTTPHead
    public var body: [UInt8]
}

/// Why there was no response, or only part of one. A status of 400 or more is not an error.
public enum OutboundError: Error, Equatable, CustomStringConvertible {
    /// The request violates RFC 9110. The reason names the rule and contains no values.
    case invalidRequest(String)
    /// `AddressGuard` forbids the address. The reason is for the person who chose it.
    case forbidden(String)
    case unresolvable(String)
    case unreachable(String)
    /// TLS failed, usually because of the certificate.
    case insecure(String)
    case timedOut
    /// The body is longer than `Limits.body`, or the head longer than 64 KiB.
    case tooLarge
    /// The connection was lost, or the response is not HTTP.
    case interrupted(String)
    /// The caller cancelled it.
    case cancelled
    /// `curl` is not installed.
    case notInstalled(String)

    /// Whether the same request may succeed a little later: the server, or the way to it, may be coming up.
    public var isTemporary: Bool {
        switch self {
        case .unresolvable, .unreachable, .interrupted, .timedOut: true
        case .invalidRequest, .forbidden, .insecure, .tooLarge, .cancelled, .notInstalled: false
        }
    }

    public var description: String {
        switch self {
        case .invalidRequest(let reason): "the request is invalid: \(reason)"
        case .forbidden(let reason): reason
        case .unresolvable(let detail): "the host name cannot be resolved: \(detail)"
        case .unreachable(let detail): "no connection: \(detail)"
        case .insecure(let detail): "no secure connection: \(detail)"
        case .timedOut: "no complete response in time"
        case .tooLarge: "the response is too large"
        case .interrupted(let detail): "the response was interrupted: \(detail)"
        case .cancelled: "cancelled"
        case .notInstalled(let program): "\(program) is not installed"
        }
    }
}
