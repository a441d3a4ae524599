import Wire

/// `X-Forwarded-For`: the client that each proxy saw, with the nearest proxy's last.
public enum ForwardedFor {
    /// The entries of the header, in order; nil for one that is not an address. Some proxies add a port:
    /// `1.2.3.4:5678`, `[::1]:5678`.
    public static func hops(_ field: String?) -> [IPAddress?] {
        (field ?? "").split(atByte: ",").map { address(Substring($0.trimmed))?.unmapped }
    }

    /// The client of the nearest proxy, the only one that cannot be forged; empty if it is not an address.
    public static func peer(_ field: String?) -> String { (hops(field).last ?? nil)?.description ?? "" }

    private static func address(_ entry: Substring) -> IPAddress? {
        if let bracketed = entry.without(prefix: "["), let end = bracketed.firstIndex(ofByte: "]") {
            return isPort(bracketed[bracketed.utf8.index(after: end)...]) ? IPAddress(String(bracketed[..<end])) : nil
        }
        let parts = entry.split(atByte: ":", omittingEmptySubsequences: false)
        guard parts.count == 2 else { return IPAddress(String(entry)) }
        return isPort(entry[parts[0].endIndex...]) ? IPAddress(String(parts[0])) : nil
    }

    /// Nothing, or a colon and digits.
    private static func isPort(_ text: Substring) -> Bool {
        guard !text.isEmpty else { return true }
        return text.without(prefix: ":").map { UInt16($0) != nil } ?? false
    }
}
