import Models
import Outbound
import Wire

extension WebhookPolicy {
    /// Throws if a webhook must not have this URL. The address of a host name is checked for each delivery instead,
    /// since it can change.
    public func check(_ url: String) throws {
        guard allowsPrivate || url.lowercasedASCII.starts(withBytes: "https://") else {
            throw APIError.validation("url", "url must begin with https://")
        }
        if AddressGuard(allowsPrivate: allowsPrivate).refusesAddress(in: url) {
            throw APIError.validation("url", "url must lead to a public address")
        }
    }
}

extension ValueType where Value == String {
    /// The target of a webhook: an `http` or `https` URL with a host and without user information. `WebhookPolicy`
    /// decides whether its address may be called; for a host name, it does so for each delivery, since the address can
    /// change.
    public static var webhookURL: ValueType {
        string(1...2000, example: "https://example.com/hooks", format: "uri") { text throws(Invalid) in
            let text = text.trimmed
            let scheme = text.prefix(beforeAnyOf: "/")
            guard ["https:", "http:"].contains(scheme.lowercasedASCII),
                let rest = text[scheme.endIndex...].without(prefix: "//")
            else { throw Invalid("must begin with https://") }
            let authority = rest.prefix(beforeAnyOf: "/?#")
            let isClean = text.utf8.allSatisfy {
                $0 > 0x20 && $0 < 0x7F && $0 != UInt8(ascii: "\"") && $0 != UInt8(ascii: "\\")
            }
            guard !authority.isEmpty, isClean, !authority.contains(byte: "@"), !authority.starts(withBytes: ":") else {
                throw Invalid("must be a URL with a host, in ASCII, without a password")
            }
            guard hasPossiblePort(authority) else { throw Invalid("must have a port from 1 to 65535, or none") }
            return text
        }
    }

    /// The text after the last colon, unless that colon is inside an IPv6 address.
    private static func hasPossiblePort(_ authority: Substring) -> Bool {
        let host = authority.lastIndex(ofByte: "]") ?? authority.startIndex
        guard let colon = authority[host...].lastIndex(ofByte: ":") else { return true }
        let port = authority[authority.utf8.index(after: colon)...]
        return port.utf8.allSatisfy(ASCII.isDigit) && (UInt16(port) ?? 0) > 0
    }
}
