/// Owns the connections, and shares out the resources that they compete for.
protocol ConnectionOwner: AnyObject {
    /// A request with a body has begun.
    /// - Returns: the peer to whose share the body is charged, until `release`.
    func sender(of head: RequestHead, on connection: Connection) -> Peer
    /// Counts bytes of a body that have arrived. If there is no room for them, other connections give way, or this
    /// throws.
    func hold(bodyBytes: Int, for connection: Connection) throws(GatewayError)
    /// A request of `sender` has ended, and this much of its body was in memory.
    func release(bodyBytes: Int, of sender: Peer?)
    func closed(_ connection: Connection)
}
