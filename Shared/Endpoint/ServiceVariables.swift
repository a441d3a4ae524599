import Wire

/// What the variables of every service that is called over HTTP have in common.
extension Configuration.Reader {
    /// A base URL without its trailing slash; nil if it is not set. A key has a variable of its own, so a URL with
    /// credentials, which would be logged, is refused; so is one with a query, behind which no path can be appended.
    func serviceURL(_ name: String, _ example: String) throws(Configuration.Problem) -> String? {
        guard let url = text(name) else { return nil }
        let base = url.ends(withBytes: "/") ? String(url.dropLast()) : url
        let isPlain = base.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F }
        let host = (base.without(prefix: "http://") ?? base.without(prefix: "https://"))?.prefix(beforeAnyOf: "/")
        guard let host, !host.isEmpty, host.firstIndex(ofByte: "@") == nil, isPlain,
            base.utf8.allSatisfy({ $0 != UInt8(ascii: "?") && $0 != UInt8(ascii: "#") })
        else {
            throw Configuration.Problem(
                description: "\(name) must be an http or https URL without credentials and query, \(example)")
        }
        return base
    }

    func serviceKey(_ name: String) throws(Configuration.Problem) -> String? {
        let key = text(name)
        guard key?.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) ?? true else {
            throw Configuration.Problem(description: "\(name) must be printable ASCII without blanks")
        }
        return key
    }
}
