/// What happens when a resource that all clients share runs out: those give way who have more than their share and
/// those who are slow, so that no client can keep the others out. As long as there is enough for everybody, everybody
/// may have any part of it.
extension Server {
    /// How far behind a client must be to give way to one that has no more than it, in microseconds.
    private static let slowness: Int64 = 1_000_000

    // MARK: Bodies

    /// Counts what has come of a request's body. Where that is too much for all together, others give way, or else this
    /// one is refused.
    func hold(bodyBytes: Int, for connection: Connection) throws(Refusal) {
        guard bodyBytes > 0, let sender = connection.request?.sender else { return }
        heldBodyBytes += bodyBytes
        peers.hold(bodyBytes, for: sender)
        while heldBodyBytes > options.maximumHeldBodyBytes {
            guard let slowest = slowestBody(besides: connection, of: sender) else {
                throw Refusal(503, "There is no room for more request bodies at the moment", retryAfter: 1)
            }
            slowest.refuseAndClose(Refusal(503, "The request's body came too slowly to keep its room", retryAfter: 1))
        }
    }

    /// A request of `sender` has ended, of whose body so much was held.
    func release(bodyBytes: Int, of sender: Peer?) {
        guard let sender else { return }
        heldBodyBytes -= bodyBytes
        peers.end(bodyBytes, of: sender)
    }

    /// Whose body ends to make room for one of `sender`: of a peer that has more than its share, or one that lags.
    private func slowestBody(besides connection: Connection, of sender: Peer) -> Connection? {
        let share = Int(Double(options.maximumHeldBodyBytes) * options.peerShare)
        let isModest = !sender.exceedsBodies(share)
        var found: (connection: Connection, isGreedy: Bool, lag: Int64)?
        for other in connections.values where other !== connection && other.isReceivingBody {
            guard let request = other.request, request.heldBytes > 0 else { continue }
            let isGreedy = request.sender?.exceedsBodies(share) ?? false
            let lag = other.patience.lag(loop.now)
            guard isGreedy ? isModest || lag >= Self.slowness : isModest && lag >= Self.slowness else { continue }
            if let found, (found.isGreedy ? 1 : 0, found.lag) >= (isGreedy ? 1 : 0, lag) { continue }
            found = (other, isGreedy, lag)
        }
        return found?.connection
    }

    // MARK: Connections

    /// How many connections a peer may have where there is no room.
    private var connectionShare: Int { max(1, Int(Double(maximumConnections) * options.peerShare)) }

    /// Whether an address has all the connections that it may have where there is no room.
    func hasShare(_ address: String) -> Bool { peers.hasConnections(address, connectionShare) }

    /// Closes the connection that is missed least: the one that has been idle longest, or, where none is, that of the
    /// client that lags most; first those of peers that have more than their share. To a newcomer that has less than
    /// its share one of the peer that has most gives way in any case, unless a function is at work for it.
    ///
    /// - Parameter newcomer: the address that wants a connection; nil where a descriptor is wanted for something else.
    /// - Returns: false when every connection is in use.
    func giveUpConnection(to newcomer: String? = nil) -> Bool {
        let share = connectionShare
        let isModest = newcomer.map { !hasShare($0) } ?? false
        var found: (connection: Connection, rank: (Int, Int, Int64))?
        for connection in connections.values {
            let lag = connection.patience.lag(loop.now)
            let isGreedy = connection.peer.exceedsConnections(share)
            let isSlow = connection.isSpare || lag >= Self.slowness
            guard isSlow || isModest && isGreedy && connection.state != .waiting else { continue }
            let rank = (
                connection.isSpare ? 2 : isSlow ? 1 : 0, isSlow ? isGreedy ? 1 : 0 : connection.peer.connections, lag
            )
            if let found, found.rank >= rank { continue }
            found = (connection, rank)
        }
        found?.connection.giveWay()
        return found != nil
    }
}
