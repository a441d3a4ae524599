import FunctionRuntime
import HTTP
import Wire

/// The address of a client, as far as it can be trusted.
enum ClientAddress {
    /// The peer's address. If the peer is a trusted proxy, it is the right-most untrusted address in `X-Forwarded-For`,
    /// because a client can forge everything left of it. If that entry is not an address, the peer's own counts:
    /// clients must not be able to choose their key for rate limits.
    static func of(_ request: Request, trusting proxies: [AddressBlock]) -> IPAddress? {
        // Without the zone of a link-local address.
        let peer = IPAddress(String(request.sourceIP.prefix(beforeAnyOf: "%")))?.unmapped
        func isTrusted(_ address: IPAddress) -> Bool { proxies.contains { $0.contains(address) } }
        guard let peer, isTrusted(peer) else { return peer }
        let hops = ForwardedFor.hops(request.header("x-forwarded-for"))
        for hop in hops.reversed() {
            guard let hop else { return peer }
            if !isTrusted(hop) { return hop }
        }
        return hops.first.flatMap { $0 } ?? peer
    }

    /// The key by which requests are counted. An IPv6 network (/64) counts as one client, because a client controls all
    /// of it. All clients without a known address count as one, too.
    static func countingKey(_ address: IPAddress?) -> String {
        guard let address else { return "unknown" }
        return address.isIPv4 ? address.description : Hex.encode(address.bytes.prefix(8))
    }
}
