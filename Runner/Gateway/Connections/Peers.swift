import HTTP
import Wire

/// The unit to which shared resources are charged: an IPv4 address, or a whole /64 network of IPv6, because one client
/// controls all of such a network (RFC 4291 section 2.5.1).
struct PeerKey: Hashable {
    private let bits: UInt64
    private let isIPv4: Bool

    init(_ address: IPAddress) {
        let address = address.unmapped
        isIPv4 = address.isIPv4
        bits = address.bytes.prefix(8).reduce(0) { $0 << 8 | UInt64($1) }
    }
}

/// The shared resources that one peer uses.
final class Peer {
    fileprivate let key: PeerKey
    /// Whether it is a proxy, which passes on the requests of others.
    fileprivate let isProxy: Bool
    fileprivate(set) var connections = 0
    /// Requests whose bodies are charged to it, even if no part of a body has arrived.
    fileprivate(set) var requests = 0
    /// Bytes of request bodies in memory.
    fileprivate(set) var bodyBytes = 0

    fileprivate init(_ key: PeerKey, isProxy: Bool) {
        self.key = key
        self.isProxy = isProxy
    }

    func exceedsConnections(_ share: Int) -> Bool { connections > share && !isProxy }
    func exceedsBodies(_ share: Int) -> Bool { bodyBytes > share && !isProxy }
}

/// The peers that use any of the shared resources.
///
/// All connections through a reverse proxy are the proxy's. If `TRUSTED_PROXIES` includes it, bodies are charged to the
/// client that it names in `X-Forwarded-For`.
final class Peers {
    private var peers: [PeerKey: Peer] = [:]
    private let proxies: [AddressBlock]
    /// Represents text that is not an address.
    private static let unknown = IPAddress([127, 0, 0, 1])

    /// - Parameter proxies: addresses and networks, separated by commas or spaces. Functions do not start with an
    ///   invalid list.
    init(trusting proxies: String) {
        self.proxies = proxies.listItems.compactMap { AddressBlock($0) }
    }

    /// A connection from `address` has been accepted.
    func connect(_ address: String) -> Peer {
        let peer = peer(IPAddress(address) ?? Self.unknown)
        peer.connections += 1
        return peer
    }

    func disconnect(_ peer: Peer) {
        peer.connections -= 1
        forget(peer)
    }

    func hold(_ bytes: Int, for peer: Peer) { peer.bodyBytes += bytes }

    /// A request has ended, and this much of its body was in memory.
    func end(_ bytes: Int, of peer: Peer) {
        peer.requests -= 1
        peer.bodyBytes -= bytes
        forget(peer)
    }

    /// A request with a body has begun.
    ///
    /// - Parameter address: the connection's.
    /// - Returns: the peer to whose share its body is charged, until `end`.
    func begin(_ head: RequestHead, on connection: Peer, _ address: String) -> Peer {
        let sender = sender(of: head, on: connection, address)
        sender.requests += 1
        return sender
    }

    private func sender(of head: RequestHead, on connection: Peer, _ address: String) -> Peer {
        guard !proxies.isEmpty, let own = IPAddress(address)?.unmapped, isProxy(own),
            let client = forwarded(head)
        else { return connection }
        return peer(client)
    }

    /// Whether an address has this many connections; always false for a proxy.
    func hasConnections(_ address: String, _ count: Int) -> Bool {
        let known = peers[PeerKey(IPAddress(address) ?? Self.unknown)]
        return known?.exceedsConnections(count - 1) ?? false
    }

    private func peer(_ address: IPAddress) -> Peer {
        let key = PeerKey(address)
        if let known = peers[key] { return known }
        let peer = Peer(key, isProxy: isProxy(address.unmapped))
        peers[key] = peer
        return peer
    }

    private func forget(_ peer: Peer) {
        guard peer.connections == 0, peer.requests == 0, peer.bodyBytes == 0 else { return }
        if peers[peer.key] === peer { peers[peer.key] = nil }
    }

    // MARK: Proxies

    private func isProxy(_ address: IPAddress) -> Bool { proxies.contains { $0.contains(address) } }

    /// The right-most address that is not a trusted proxy's; anything left of it could be made up. Nil without such an
    /// entry, or if it is not an address.
    private func forwarded(_ head: RequestHead) -> IPAddress? {
        for field in head.fields.reversed() where field.name.equals("x-forwarded-for") {
            for hop in ForwardedFor.hops(field.value.text).reversed() {
                guard let hop else { return nil }
                if !isProxy(hop) { return hop }
            }
        }
        return nil
    }
}
