import FunctionRuntime
import Glibc
import Wire

/// A range of IP addresses (RFC 4632, RFC 4291 section 2.3): `10.0.0.0/8`, `2001:db8::/32`, or one
/// address.
public struct AddressRange: Sendable {
    private let address: IPAddress
    private let prefixLength: Int

    public init?(_ text: String) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count <= 2, let address = IPAddress(String(parts[0])) else { return nil }
        let isMappedForm = address.isIPv4 && !parts[0].contains(":")
        let bits = isMappedForm ? 32 : 128
        var length = bits
        if parts.count == 2 {
            guard let given = Int(parts[1]), (0...bits).contains(given) else { return nil }
            length = given
        }
        self.address = address
        prefixLength = isMappedForm ? length + 96 : length
    }

    func contains(_ other: IPAddress) -> Bool {
        let whole = prefixLength / 8
        guard address.bytes.prefix(whole).elementsEqual(other.bytes.prefix(whole)) else { return false }
        let rest = prefixLength % 8
        return rest == 0 || (address.bytes[whole] ^ other.bytes[whole]) >> (8 - UInt8(rest)) == 0
    }
}

/// An IP address as 16 bytes; IPv4 in its mapped form `::ffff:a.b.c.d` (RFC 4291 section 2.5.5.2).
struct IPAddress {
    let bytes: [UInt8]

    var isIPv4: Bool { bytes.prefix(10).allSatisfy { $0 == 0 } && bytes[10] == 0xFF && bytes[11] == 0xFF }

    init?(_ text: String) {
        var v4 = in_addr()
        var v6 = in6_addr()
        if inet_pton(AF_INET, text, &v4) == 1 {
            bytes = [UInt8](repeating: 0, count: 10) + [0xFF, 0xFF] + withUnsafeBytes(of: &v4) { Array($0) }
        } else if inet_pton(AF_INET6, text, &v6) == 1 {
            bytes = withUnsafeBytes(of: &v6) { Array($0) }
        } else {
            return nil
        }
    }
}

/// From where a client calls, as far as it can be believed.
enum ClientAddress {
    /// The peer's address, unless the peer is a trusted proxy: then the right-most address in
    /// `X-Forwarded-For` that is none, since everything left of it could have been made up.
    static func of(_ request: Request, trusting proxies: [AddressRange]) -> String {
        func isTrusted(_ text: String) -> Bool {
            guard let address = IPAddress(text) else { return false }
            return proxies.contains { $0.contains(address) }
        }
        guard isTrusted(request.sourceIP) else { return request.sourceIP }
        let hops = (request.header("x-forwarded-for") ?? "").split(separator: ",").map { bare($0.trimmed) }
        return hops.last { !isTrusted($0) } ?? hops.first ?? request.sourceIP
    }

    /// What requests are counted by: IPv6 networks as a whole (/64), because a client has all of one.
    static func countingKey(_ address: String) -> String {
        guard let parsed = IPAddress(address), !parsed.isIPv4 else { return address }
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
