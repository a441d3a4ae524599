import HTTP
import Wire

/// The host names that the API answers to (RFC 9110 section 7.2).
///
/// A web page can point its own name at this machine's address (DNS rebinding), and the browser then treats an API on a
/// loopback address as part of that page. But such a request still names the page's host.
package struct HostNames {
    /// In lower case, without ports.
    private let names: [[UInt8]]
    /// Whether every name is accepted.
    private let isOpen: Bool
    /// The last accepted host, including its port: most requests name the same one.
    private var recent: [UInt8] = []

    /// - Parameters:
    ///   - list: names separated by commas, or `*`; nil for the default.
    ///   - isLocal: whether the gateway listens on a loopback address. By default it then answers only to local names.
    init(_ list: String?, isLocal: Bool) {
        names = (list ?? "").split(atByte: ",").map { Array($0.trimmed.lowercasedASCII.utf8) }
        isOpen = list == nil ? !isLocal : names.contains(Array("*".utf8))
    }

    /// The first invalid name of a list.
    package static func fault(in list: String) -> String? {
        for part in list.split(atByte: ",") {
            var name = part.trimmed
            let isValid = name.withUTF8 { HeaderField.isToken($0) || (isBracketed($0) && parts(of: $0).port.isEmpty) }
            if !isValid { return name }
        }
        return nil
    }

    /// Refuses a request for another host. The error names `ALLOWED_HOSTS`: operators of proxies that pass on the
    /// public name need the hint more than an attacker does.
    mutating func admit(_ head: RequestHead) throws(GatewayError) {
        if isOpen { return }
        let host = head.host
        if !recent.isEmpty, recent.withUnsafeBufferPointer({ $0.equals(host) }) { return }
        // Only HTTP/1.0 requests may lack a Host field, and no browser uses that version.
        guard head.hostCount > 0 || !host.isEmpty else { return }
        let (name, _) = Self.parts(of: host)
        let isKnown = names.contains { $0.withUnsafeBufferPointer { name.equalsIgnoringCase($0) } }
        guard isKnown || Self.isLocal(name) || Self.isUnqualified(name) else {
            throw GatewayError(
                421,
                "This server does not answer to the host name \"\(name.text)\". List it in ALLOWED_HOSTS to allow it")
        }
        if host.count <= 255 { recent = Array(host) }
    }

    /// A host's name and port. The name has no trailing dot, and IPv6 addresses keep their brackets.
    package static func parts(of host: Bytes) -> (name: Bytes, port: Bytes) {
        let bracket = host.first == UInt8(ascii: "[") ? host.first(UInt8(ascii: "]")) : nil
        let colon = host.first(UInt8(ascii: ":"), from: bracket ?? 0)
        var name = host.slice(0..<(colon ?? host.count))
        if name.count > 1, name.last == UInt8(ascii: ".") { name = name.slice(0..<name.count - 1) }
        return (name, colon.map { host.slice(from: $0 + 1) } ?? .none)
    }

    /// Whether a name always means this machine, regardless of any resolver: `localhost`, 127.0.0.0/8, `[::1]`.
    package static func isLocal(_ name: Bytes) -> Bool {
        if name.equalsIgnoringCase("localhost") { return true }
        let isIPv6 = isBracketed(name)
        guard let address = IPAddress(isIPv6 ? name.slice(1..<name.count - 1).text : name.text) else { return false }
        return address.isIPv4 != isIPv6 && isLoopback(address)
    }

    /// Whether a name has a single label, such as `gateway`. Containers and hosts files use them; websites have a dot.
    private static func isUnqualified(_ name: Bytes) -> Bool {
        HeaderField.isToken(name) && name.first(UInt8(ascii: ".")) == nil
            && name.contains { !(0x30...0x39).contains($0) }
    }

    private static func isBracketed(_ name: Bytes) -> Bool {
        name.count > 2 && name[0] == UInt8(ascii: "[") && name[name.count - 1] == UInt8(ascii: "]")
    }

    package static func isLoopback(_ address: IPAddress) -> Bool {
        let address = address.unmapped
        return address.isIPv4 ? address.bytes[0] == 127 : address == IPAddress("::1")
    }
}
