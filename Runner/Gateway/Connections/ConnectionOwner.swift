/// Keeps the connections, and shares out what they compete for.
protocol ConnectionOwner: AnyObject {
    /// A request with a body has begun.
    /// - Returns: the peer whose share the body counts against, until `release`.
    func sender(of head: RequestHead, on connection: Connection) -> Peer
    /// Counts bytes of a body that have arrived. If they are too many, others give way, or else this throws.
    func hold(bodyBytes: Int, for connection: Connection) throws(GatewayError)
    /// A request of `sender` has ended, of whose body this much was held.
    func release(bodyBytes: Int, of sender: Peer?)
    func closed(_ connection: Connection)
}
