import FunctionRuntime
import HTTP
import Wire

/// The address of a client, as far as it can be trusted.
enum ClientAddress {
    /// The peer's address. If the peer is a trusted proxy, it is the right-most address in `X-Forwarded-For` that is not
    /// trusted, since a client can forge everything left of it. An entry that is not an address makes it the peer's again:
    /// clients must not choose what they are counted by.
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

    /// The key that requests are counted by. IPv6 networks (/64) count as one client, because a client has all of one. So
    /// do all clients without a known address.
    static func countingKey(_ address: IPAddress?) -> String {
        guard let address else { return "unknown" }
        return address.isIPv4 ? address.description : Hex.encode(address.bytes.prefix(8))
    }
}
