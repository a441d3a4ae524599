import Wire

/// Answers some paths inside the gateway, without a function. The inspector is one.
package protocol LocalHandler: AnyObject {
    /// Whether the handler answers requests for this path.
    func owns(_ path: Bytes) -> Bool
    /// Accepts a request by its head.
    /// - Returns: the object that takes the request's body and then answers it.
    func accept(_ head: RequestHead, from client: any LocalClient) throws(GatewayError) -> any LocalRequest
}

/// A request that a local handler has accepted.
package protocol LocalRequest: AnyObject {
    /// The request's body, which the gateway fills in.
    var body: ByteBuffer { get }
    /// Answers the request; its body is complete.
    func answer(to client: any LocalClient)
}

/// The connection on which a request to a local handler came.
package protocol LocalClient: AnyObject {
    /// The peer's address as text.
    var address: String { get }
    /// Whether the peer runs on this machine as the user who runs the gateway.
    var isOwnUser: Bool { get }
    /// Whether the client reads so slowly that a stream should skip it.
    var isCongested: Bool { get }
    /// Whether a stream has begun and has not ended.
    var isStreaming: Bool { get }

    /// Responds with 200 and a body.
    func respond(_ fields: [(StaticString, String)], body: ByteBuffer)
    /// Responds with 200 and begins a stream. For a HEAD request, that is the whole response.
    func beginStream(_ fields: [(StaticString, String)])
    func streamChunk(_ bytes: [UInt8])
    func endStream()
    func refuse(_ error: GatewayError)
}

/// The size limit for bodies of local requests: enough for an edited envelope.
let maximumLocalBodyBytes = 4 * 1024 * 1024
