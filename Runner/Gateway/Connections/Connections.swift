/// The open connections, and what happens when a shared resource runs out: clients that hold more than their share and
/// clients that are slow give way, so that no client can keep the others out. As long as there is room, a client may
/// use any amount.
final class Connections: ConnectionOwner {
    /// How far a client must lag, in microseconds, to give way to one that holds no more than it does.
    private static let slowness: Int64 = 1_000_000

    private let loop: EventLoop
    private let peers: Peers
    private let maximum: Int
    /// How many connections a peer may keep when room runs out.
    private let connectionShare: Int
    private let maximumHeldBodyBytes: Int
    /// How many bytes of request bodies a peer may keep when room runs out.
    private let bodyShare: Int

    private var open: [Int32: Connection] = [:]
    /// Bytes of request bodies in memory, counted from their arrival to the end of their request.
    private var heldBodyBytes = 0

    var count: Int { open.count }
    var hasRoom: Bool { open.count < maximum }
    /// Whether any of them has a request in progress.
    var hasWork: Bool { open.values.contains { !$0.isIdle } }

    /// - Parameter descriptors: how many file descriptors the system grants.
    init(_ configuration: Configuration, descriptors: Int, loop: EventLoop) {
        self.loop = loop
        peers = Peers(trusting: configuration.trustedProxies)
        // Processes, executables and the system's libraries need descriptors too. If the system grants very few,
        // starting a process may fail for lack of one.
        maximum = min(
            configuration.maximumConnections,
            max(descriptors / 4, descriptors - 3 * configuration.functionLimits.processes - 192))
        connectionShare = max(1, Int(Double(maximum) * configuration.peerShare))
        maximumHeldBodyBytes = configuration.maximumHeldBodyBytes
        bodyShare = Int(Double(maximumHeldBodyBytes) * configuration.peerShare)
    }

    // MARK: Opening and closing

    func accept(_ socket: Int32, from address: String, services: ConnectionServices) {
        open[socket] = Connection(
            socket, address: address, peer: peers.connect(address), owner: self, services: services)
        services.observation.connectionAccepted()
    }

    func closed(_ connection: Connection) {
        open[connection.socket] = nil
        peers.disconnect(connection.peer)
    }

    func closeAll() {
        for connection in Array(open.values) { connection.close() }
    }

    func closeIdle() {
        for connection in Array(open.values) where connection.isIdle { connection.close() }
    }

    func tick(_ now: Int64) {
        for connection in Array(open.values) { connection.tick(now) }
    }

    // MARK: Bodies

    func sender(of head: RequestHead, on connection: Connection) -> Peer {
        peers.begin(head, on: connection.peer, connection.address)
    }

    func hold(bodyBytes: Int, for connection: Connection) throws(GatewayError) {
        guard bodyBytes > 0, let sender = connection.request?.sender else { return }
        heldBodyBytes += bodyBytes
        peers.hold(bodyBytes, for: sender)
        while heldBodyBytes > maximumHeldBodyBytes {
            guard let slowest = slowestBody(besides: connection, of: sender) else {
                throw GatewayError(503, "Too many request bodies in flight; try again", retryAfter: 1)
            }
            slowest.refuseAndClose(
                GatewayError(503, "The request body arrived too slowly to keep its place", retryAfter: 1))
        }
    }

    func release(bodyBytes: Int, of sender: Peer?) {
        guard let sender else { return }
        heldBodyBytes -= bodyBytes
        peers.end(bodyBytes, of: sender)
    }

    /// The connection whose body is dropped to make room for one of `sender`: it belongs to a peer with more than its
    /// share, or it lags.
    private func slowestBody(besides connection: Connection, of sender: Peer) -> Connection? {
        let isModest = !sender.exceedsBodies(bodyShare)
        var found: (connection: Connection, isGreedy: Bool, lag: Int64)?
        for other in open.values where other !== connection && other.isReceivingBody {
            guard let request = other.request, request.heldBytes > 0 else { continue }
            let isGreedy = request.sender?.exceedsBodies(bodyShare) ?? false
            let lag = other.patience.lag(loop.now)
            guard isGreedy ? isModest || lag >= Self.slowness : isModest && lag >= Self.slowness else { continue }
            if let found, (found.isGreedy ? 1 : 0, found.lag) >= (isGreedy ? 1 : 0, lag) { continue }
            found = (other, isGreedy, lag)
        }
        return found?.connection
    }

    // MARK: Connections

    /// Whether an address has as many connections as it may keep when room runs out.
    func hasShare(_ address: String) -> Bool { peers.hasConnections(address, connectionShare) }

    /// Closes the most dispensable connection: the one that has been idle longest, or else the one whose client lags
    /// most. Peers with more than their share go first. For a newcomer with less than its share, the peer with the most
    /// connections always gives way, unless a function is working for it.
    ///
    /// - Parameter newcomer: the address that wants a connection; nil if a descriptor is needed for something else.
    /// - Returns: false if every connection is in use.
    func giveUp(to newcomer: String? = nil) -> Bool {
        let isModest = newcomer.map { !hasShare($0) } ?? false
        var found: (connection: Connection, rank: (Int, Int, Int64))?
        for connection in open.values {
            let lag = connection.patience.lag(loop.now)
            let isGreedy = connection.peer.exceedsConnections(connectionShare)
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
