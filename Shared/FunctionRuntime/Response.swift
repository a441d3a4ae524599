import Wire

/// What a function answers, whichever gateway asked.
public struct Response {
    public var status: Int
    /// Names in lower case. `set-cookie` has a place of its own.
    public var headers: [(name: String, value: String)]
    public var cookies: [String]
    public var body: Body

    public enum Body {
        case none
        /// Written when it is sent, straight to where it goes.
        case json((inout JSONWriter) -> Void)
        /// Text that is no JSON and known when the program is made, such as a page.
        case text(StaticString)
        /// Bytes that are not text, such as a document's content.
        case binary([UInt8])
        /// Produced while it is sent. What it throws before its first part is answered like any other
        /// error, status included; afterwards it ends the stream.
        case stream((any ResponseStream) throws -> Void)
    }

    public init(status: Int, headers: [(name: String, value: String)] = [], body: Body = .none) {
        self.status = status
        self.headers = headers
        self.cookies = []
        self.body = body
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

/// Where the parts of a streamed answer go.
public protocol ResponseStream: AnyObject {
    /// Sends one part of text now.
    func send(_ text: String) throws
    /// Whether whoever asked has gone away, so that going on is waste. Cheap enough for every step.
    var isCancelled: Bool { get }
}
