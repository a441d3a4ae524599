import FunctionRuntime
import Wire

/// From where a client calls, as far as it can be believed.
enum ClientAddress {
    /// The peer's address, unless the peer is a trusted proxy: then the right-most address in
    /// `X-Forwarded-For` that is none, since everything left of it could have been made up.
    static func of(_ request: Request, trusting proxies: [AddressBlock]) -> String {
        func isTrusted(_ text: String) -> Bool {
            guard let address = IPAddress(text)?.unmapped else { return false }
            return proxies.contains { $0.contains(address) }
        }
        guard isTrusted(request.sourceIP) else { return request.sourceIP }
        let hops = (request.header("x-forwarded-for") ?? "").split(separator: ",").map { bare($0.trimmed) }
        return hops.last { !isTrusted($0) } ?? hops.first ?? request.sourceIP
    }

    /// What requests are counted by: IPv6 networks as a whole (/64), because a client has all of one.
    static func countingKey(_ address: String) -> String {
        guard let parsed = IPAddress(address)?.unmapped else { return address }
        if parsed.isIPv4 { return parsed.description }
        return Hex.encode(parsed.bytes.prefix(8))
    }

    /// Without a port, as some proxies add: `1.2.3.4:5678`, `[::1]:5678`.
    private static func bare(_ text: String) -> String {
        if text.hasPrefix("["), let end = text.firstIndex(of: "]") {
            return String(text[text.index(after: text.startIndex)..<end])
        }
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        return parts.count == 2 ? String(parts[0]) : text
    }
}
