import Wire

/// A function's response, independent of the gateway.
public struct Response {
    public var status: Int
    /// Names in lower case. `set-cookie` is in `cookies`.
    public var headers: [(name: String, value: String)]
    public var cookies: [String]
    public var body: Body
    /// For a representation of a resource, how its entity tag is made.
    public var entityTag: EntityTagging?

    /// How an entity tag is made (RFC 9110 section 8.8.3).
    public enum EntityTagging {
        /// From the body.
        case body
        /// From the part of the state that clients change, and from the body.
        case stateAndBody(state: () -> String)
    }

    public enum Body {
        case none
        /// JSON, encoded directly to its destination when the response is sent.
        case json((inout JSONWriter) -> Void)
        /// Non-JSON text that is known at compile time, such as a page.
        case text(StaticString)
        /// Binary content, such as a document.
        case binary([UInt8])
        /// Binary content of `length` bytes, in parts that are read while they are sent; nil after the last. An error before
        /// the first part becomes an error response; a later one ends the response early.
        case parts(length: Int, next: () throws -> [UInt8]?)
        /// Produced while it is sent. An error before the first part becomes an error response with its status; a later
        /// error ends the stream.
        case stream((any ResponseStream) throws -> Void)
    }

    public init(status: Int, headers: [(name: String, value: String)] = [], body: Body = .none) {
        self.status = status
        self.headers = headers
        self.cookies = []
        self.body = body
    }

    func with(body: Body) -> Response {
        var response = self
        response.body = body
        return response
    }

    public static func json(
        _ status: Int, headers: [(name: String, value: String)] = [],
        _ write: @escaping (inout JSONWriter) -> Void
    ) -> Response {
        Response(
            status: status, headers: [("content-type", "application/json; charset=utf-8")] + headers, body: .json(write)
        )
    }
}

/// Takes the parts of a streamed response.
public protocol ResponseStream: AnyObject {
    /// Sends a part of the text now.
    func send(_ text: String) throws
    /// Whether the client has disconnected, so that further work is wasted. Cheap enough to call at every step.
    var isCancelled: Bool { get }
}
