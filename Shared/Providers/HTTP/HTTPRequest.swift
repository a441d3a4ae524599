/// A request to another server, over HTTP or HTTPS.
///
/// Redirects are not followed. Nothing of it, neither the address nor a header, is ever among a
/// process's arguments.
public struct HTTPRequest: Sendable {
    public var method: String
    /// An absolute `http` or `https` URL, already percent-encoded.
    public var url: String
    public var headers: [(name: String, value: String)]
    public var body: [UInt8]?
    public var limits: Limits
    /// Where to connect whatever the URL says, from `AddressGuard`. Such a request goes past every
    /// proxy: a proxy would look the name up again, and find what it likes.
    public var pin: Pin?

    /// How long it may take, and how much may come back.
    public struct Limits: Sendable {
        /// Milliseconds until the connection stands, TLS included.
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
    /// Names in lower case, in the order of their arrival.
    public var headers: [Header]

    public struct Header: Equatable, Sendable {
        public var name: String
        public var value: String
    }

    /// The first value of a header, by its name in lower case.
    public subscript(name: String) -> String? { headers.first { $0.name == name }?.value }
}

/// A whole response.
public struct HTTPResponse: Equatable, Sendable {
    public var head: HTTPHead
    public var body: [UInt8]
}

/// Why no response, or no whole one, came back. A response with a status of 400 or more is none of
/// these.
public enum OutboundError: Error, Equatable, CustomStringConvertible {
    /// The request breaks a rule of RFC 9110; which, without its values.
    case invalidRequest(String)
    /// `AddressGuard` does not let it go there; why, in words for whoever chose the address.
    case forbidden(String)
    case unresolvable(String)
    case unreachable(String)
    /// TLS failed: mostly the certificate.
    case insecure(String)
    case timedOut
    /// The body is longer than `Limits.body`, or the head than 64 KiB.
    case tooLarge
    /// The connection broke off, or what came is no HTTP.
    case interrupted(String)
    /// Whoever waited for it had enough.
    case cancelled
    /// There is no `curl`.
    case notInstalled(String)

    public var description: String {
        switch self {
        case .invalidRequest(let reason): "the request is invalid: \(reason)"
        case .forbidden(let reason): reason
        case .unresolvable(let detail): "the host's name is not known: \(detail)"
        case .unreachable(let detail): "no connection: \(detail)"
        case .insecure(let detail): "no secure connection: \(detail)"
        case .timedOut: "no complete answer in time"
        case .tooLarge: "the answer is too large"
        case .interrupted(let detail): "the answer broke off: \(detail)"
        case .cancelled: "cancelled"
        case .notInstalled(let program): "\(program) is not installed"
        }
    }
}
