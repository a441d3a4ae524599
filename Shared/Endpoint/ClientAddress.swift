import FunctionRuntime
import HTTP
import Wire

/// From where a client calls, as far as it can be believed.
enum ClientAddress {
    /// The peer's address, unless the peer is a trusted proxy: then the right-most address in
    /// `X-Forwarded-For` that is not one, since everything left of it could have been made up. Where an entry that
    /// is not an address comes first, it is the peer's again: no client may choose what it is counted by.
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

    /// What requests are counted by: IPv6 networks as a whole (/64), because a client has all of one. All clients
    /// whose address is not known count as one.
    static func countingKey(_ address: IPAddress?) -> String {
        guard let address else { return "unknown" }
        return address.isIPv4 ? address.description : Hex.encode(address.bytes.prefix(8))
    }
}
