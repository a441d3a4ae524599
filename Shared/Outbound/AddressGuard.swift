import CPlatform
import Glibc
import Wire

/// Decides whether a URL chosen by a user may be called, and pins it to the addresses that were checked.
///
/// It resolves the host itself, rejects the URL if any address is not public, and returns the addresses as a `Pin`. The
/// connection then goes to the checked addresses, even if the name resolves differently a moment later.
public struct AddressGuard: Sendable {
    /// Allows private addresses and plain `http`, for tests and closed networks.
    public var allowsPrivate: Bool

    public init(allowsPrivate: Bool = false) { self.allowsPrivate = allowsPrivate }

    /// Why a host is rejected.
    public static let notPublic = "The host has no address, or one that is not public"

    /// Resolves the host of a URL and checks its addresses.
    ///
    /// - Parameter url: absolute, without user information. The host is an ASCII name, or an address in any notation
    ///   that the C library accepts.
    /// - Throws: `OutboundError.forbidden` or `.unresolvable`, with a reason for the person who chose the URL.
    public func pin(_ url: String) throws(OutboundError) -> Pin {
        let origin = try origin(of: url)
        return try pin(origin, to: Self.addresses(of: origin.host, flags: 0))
    }

    /// Like `pin`, for a caller with other work to do during the lookup. Each lookup has its own thread, so that a name
    /// server that never answers does not hold up other lookups.
    public func beginPin(_ url: String) throws(OutboundError) -> AddressLookup {
        let origin = try origin(of: url)
        let known = Self.addresses(of: origin.host, flags: AI_NUMERICHOST)
        if !known.isEmpty { return AddressLookup(pin: try pin(origin, to: known)) }
        let descriptor = origin.host.withCString(platform_look_up)
        guard descriptor >= 0 else { throw .unresolvable("The host's name cannot be looked up at the moment") }
        return AddressLookup(descriptor) { [self] addresses throws(OutboundError) in try pin(origin, to: addresses) }
    }

    private func origin(of url: String) throws(OutboundError) -> Origin {
        guard let origin = Origin(url) else { throw .forbidden("The URL cannot be called") }
        guard origin.isSecure || allowsPrivate else { throw .forbidden("The URL must begin with https://") }
        return origin
    }

    private func pin(_ origin: Origin, to addresses: [IPAddress]) throws(OutboundError) -> Pin {
        guard !addresses.isEmpty else { throw .unresolvable("The host's name has no address") }
        guard allowsPrivate || addresses.allSatisfy(\.isPublic) else { throw .forbidden(Self.notPublic) }
        return Pin(origin: origin, addresses: addresses)
    }

    /// Whether the URL names this machine or an address that is not public, in any notation. Other names are resolved
    /// only when they are called.
    public func refusesAddress(in url: String) -> Bool {
        guard !allowsPrivate, var host = Origin(url)?.host.lowercasedASCII else { return false }
        if host.ends(withBytes: ".") { host.removeLast() }
        if host == "localhost" || host.ends(withBytes: ".localhost") { return true }
        return !Self.addresses(of: host, flags: AI_NUMERICHOST).allSatisfy(\.isPublic)
    }

    /// Resolves a host with the C library. Blocks for as long as the system's resolver does.
    private static func addresses(of host: String, flags: Int32) -> [IPAddress] {
        var hints = addrinfo()
        hints.ai_flags = flags
        hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        var list: UnsafeMutablePointer<addrinfo>?
        let result = getaddrinfo(host, nil, &hints, &list)
        defer { if let list { freeaddrinfo(list) } }
        var addresses: [IPAddress] = []
        var next = result == 0 ? list : nil
        while let entry = next {
            if let address = entry.pointee.ai_addr.flatMap({ IPAddress($0) }), !addresses.contains(address) {
                addresses.append(address)
            }
            next = entry.pointee.ai_next
        }
        return addresses
    }
}

/// Checked addresses, to connect to without resolving the name.
public struct Pin: Sendable {
    let origin: Origin
    /// In the system's order of preference; at least one.
    public let addresses: [IPAddress]

    /// The `curl` options that send every connection to these addresses, under one made-up name. The URL's own name is
    /// not used, because `curl` would look it up if it parsed the URL differently. For the same reason no proxy is
    /// used.
    ///
    /// - Parameter name: a name that no other pin in the same `curl` has.
    func options(name: String) -> [(name: String, value: String)] {
        let list = addresses.map { $0.bytes.count == 4 ? "\($0)" : "[\($0)]" }.joined(separator: ",")
        return [
            ("connect-to", "::\(name):\(origin.port)"), ("resolve", "\(name):\(origin.port):\(list)"),
            ("noproxy", "*"),
        ]
    }

    /// A name that cannot exist (RFC 6761 section 6.4), so only the pin gives it addresses.
    static func name(_ number: Int) -> String { "p\(number).pinned.invalid" }
}

/// The target of a URL: RFC 3986 section 3.2, without user information.
struct Origin: Equatable, Sendable {
    let isSecure: Bool
    /// Without the brackets of an IPv6 address.
    let host: String
    let port: Int

    init?(_ url: String) {
        guard url.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F && $0 != 0x5C }) else { return nil }
        let scheme = url.prefix(beforeAnyOf: "/")
        switch scheme.lowercasedASCII {
        case "https:": isSecure = true
        case "http:": isSecure = false
        default: return nil
        }
        guard let target = url[scheme.endIndex...].without(prefix: "//") else { return nil }
        var rest = target.prefix(beforeAnyOf: "/?#")
        if let bracketed = rest.without(prefix: "[") {
            guard let close = bracketed.firstIndex(ofByte: "]") else { return nil }
            host = String(bracketed[..<close])
            rest = bracketed[bracketed.utf8.index(after: close)...]
            guard !host.isEmpty, host.utf8.allSatisfy({ Self.isHex($0) || $0 == 0x3A || $0 == 0x2E })
            else { return nil }
        } else {
            host = String(rest.prefix(beforeAnyOf: ":"))
            rest = rest[rest.utf8.index(rest.startIndex, offsetBy: host.utf8.count)...]
            guard (1...253).contains(host.utf8.count), host.utf8.allSatisfy(Self.isNamePart) else { return nil }
        }
        if rest.isEmpty {
            port = isSecure ? 443 : 80
        } else {
            guard let digits = rest.without(prefix: ":"), digits.utf8.allSatisfy(ASCII.isDigit),
                let number = Int(digits), (1...65535).contains(number)
            else { return nil }
            port = number
        }
    }

    private static func isHex(_ byte: UInt8) -> Bool { ASCII.isHexDigit(byte) }

    private static func isNamePart(_ byte: UInt8) -> Bool {
        ASCII.isAlphanumeric(byte) || byte == 0x2D || byte == 0x2E || byte == 0x5F
    }
}
