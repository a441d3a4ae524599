extension Connection {
    /// The request being served.
    struct Request {
        let id: String
        let method: String
        let path: String
        let isHead: Bool
        let isHTTP10: Bool
        let receivedAt: Int64
        var keepsAlive: Bool
        var exchange: Exchange?
        /// The response to send, instead of a function's, once the body is read.
        var error: GatewayError?
        /// Whether the path belongs to the local handler, so that no function receives the request.
        var isLocal = false
        var localRequest: (any LocalRequest)?
        /// The origin whose page may read the gateway's own responses, and the method that its preflight asks about.
        var origin: String?
        var preflightMethod: String?
        var status = 0
        /// The sizes of the request's body and of the response's, in bytes.
        var receivedBytes = 0
        var bodyBytes = 0
        /// How many bytes of a streamed response are still to come, if the function has said how many there are.
        var missingBytes: Int?
        /// The peer to whose share the body is charged, and how much of the body is in memory.
        var sender: Peer?
        var heldBytes = 0
    }
}
