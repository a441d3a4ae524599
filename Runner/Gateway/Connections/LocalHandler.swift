import Wire

/// Answers some paths inside the gateway, without a function: the inspector.
package protocol LocalHandler: AnyObject {
    /// Whether the handler answers requests for this path.
    func owns(_ path: Bytes) -> Bool
    /// Accepts a request by its head.
    /// - Returns: what takes the request's body and then answers it.
    func accept(_ head: RequestHead, from client: any LocalClient) throws(GatewayError) -> any LocalRequest
}

/// A request that a local handler has accepted.
package protocol LocalRequest: AnyObject {
    /// The request's body, filled by the gateway.
    var body: ByteBuffer { get }
    /// Answers the request; its body is complete.
    func answer(to client: any LocalClient)
}

/// The connection of a request to a local handler.
package protocol LocalClient: AnyObject {
    /// The peer's address as text.
    var address: String { get }
    /// Whether the peer runs on this machine as the user of the gateway.
    var isOwnUser: Bool { get }
    /// Whether the client reads so slowly that a stream should skip it.
    var isCongested: Bool { get }
    /// Whether a stream has begun and has not ended.
    var isStreaming: Bool { get }

    /// Answers 200 with a body.
    func respond(_ fields: [(StaticString, String)], body: ByteBuffer)
    /// Answers 200 and begins a stream. A HEAD request is over with that.
    func beginStream(_ fields: [(StaticString, String)])
    func streamChunk(_ bytes: [UInt8])
    func endStream()
    func refuse(_ error: GatewayError)
}

/// The limit on bodies of local requests: enough for an edited envelope.
let maximumLocalBodyBytes = 4 * 1024 * 1024
