extension Connection {
    /// The request that is being served.
    struct Request {
        let id: String
        let method: String
        let path: String
        let isHead: Bool
        let isHTTP10: Bool
        let receivedAt: Int64
        var keepsAlive: Bool
        var exchange: Exchange?
        /// The response to send once the body is read, in place of a function's.
        var error: GatewayError?
        /// Whether the local handler owns the path, so that no function receives the request.
        var isLocal = false
        var localRequest: (any LocalRequest)?
        /// The origin whose page may read the gateway's own responses, and the method that its preflight is about.
        var origin: String?
        var preflightMethod: String?
        var status = 0
        /// Bytes of the request's body and of the response's.
        var receivedBytes = 0
        var bodyBytes = 0
        /// The peer whose share the body counts against, and how much of it is held.
        var sender: Peer?
        var heldBytes = 0
    }
}
