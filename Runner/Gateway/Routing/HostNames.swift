import HTTP
import Wire

/// The names that the API answers to (the `Host` of RFC 9110 section 7.2).
///
/// A page on the web can give its own name the address of this machine (DNS rebinding), and its browser then takes an
/// API on a loopback address for part of that page. Such a request still names the page's host.
struct HostNames {
    /// In lower case, without ports.
    private let names: [[UInt8]]
    /// Whether any name will do.
    private let isOpen: Bool
    /// The last one that was found good, port included: most requests name the same.
    private var recent: [UInt8] = []

    /// - Parameters:
    ///   - list: names with commas between them, or `*`; nil when there is none.
    ///   - isLocal: whether the gateway listens on a loopback address, and so answers to local names only, unless told
    ///     otherwise.
    init(_ list: String?, isLocal: Bool) {
        names = (list ?? "").split(atByte: ",").map { Array($0.trimmed.lowercasedASCII.utf8) }
        isOpen = list == nil ? !isLocal : names.contains(Array("*".utf8))
    }

    /// What is wrong with a list; nil when it can be used.
    static func fault(in list: String) -> String? {
        for part in list.split(atByte: ",") {
            var name = part.trimmed
            let isSound = name.withUTF8 { HeaderField.isToken($0) || (isBracketed($0) && parts(of: $0).port.isEmpty) }
            if !isSound { return name }
        }
        return nil
    }

    /// Refuses a request for a host that is not this one.
    mutating func admit(_ head: RequestHead) throws(Refusal) {
        if isOpen { return }
        let host = head.host
        if !recent.isEmpty, recent.withUnsafeBufferPointer({ $0.equals(host) }) { return }
        // Without the field it is HTTP/1.0, which no browser speaks.
        guard head.hostCount > 0 || !host.isEmpty else { return }
        let (name, _) = Self.parts(of: host)
        let isKnown = names.contains { $0.withUnsafeBufferPointer { name.equalsIgnoringCase($0) } }
        guard isKnown || Self.isLocal(name) else {
            throw Refusal(
                421,
                "This server does not answer as \"\(name.text)\". The variable ALLOWED_HOSTS lists the hosts that it "
                    + "answers as, besides localhost and 127.0.0.1")
        }
        if host.count <= 255 { recent = Array(host) }
    }

    /// A host's name and its port; the name without the dot that may end it, IPv6 addresses with their brackets.
    static func parts(of host: Bytes) -> (name: Bytes, port: Bytes) {
        let bracket = host.first == UInt8(ascii: "[") ? host.first(UInt8(ascii: "]")) : nil
        let colon = host.first(UInt8(ascii: ":"), from: bracket ?? 0)
        var name = host.slice(0..<(colon ?? host.count))
        if name.count > 1, name.last == UInt8(ascii: ".") { name = name.slice(0..<name.count - 1) }
        return (name, colon.map { host.slice(from: $0 + 1) } ?? .none)
    }

    /// Whether a name means this machine whatever a resolver says: `localhost`, 127.0.0.0/8, `[::1]`.
    static func isLocal(_ name: Bytes) -> Bool {
        if name.equalsIgnoringCase("localhost") { return true }
        let isIPv6 = isBracketed(name)
        guard let address = IPAddress(isIPv6 ? name.slice(1..<name.count - 1).text : name.text) else { return false }
        return address.isIPv4 != isIPv6 && isLoopback(address)
    }

    private static func isBracketed(_ name: Bytes) -> Bool {
        name.count > 2 && name[0] == UInt8(ascii: "[") && name[name.count - 1] == UInt8(ascii: "]")
    }

    static func isLoopback(_ address: IPAddress) -> Bool {
        let address = address.unmapped
        return address.isIPv4 ? address.bytes[0] == 127 : address == IPAddress("::1")
    }
}
