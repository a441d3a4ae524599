import Glibc
import Wire

/// Decides who may look into the gateway, and who may make it do something.
///
/// Being asked from this machine is not enough. A browser on it can be made to ask by any page
/// (cross-site requests, DNS rebinding), a proxy on it passes on what strangers ask, and other
/// people may have accounts on it. So a request must
/// - come from a loopback address, over a socket of the user that runs the gateway (or of root),
/// - carry no trace of a proxy, and name the gateway as `localhost`, `127.0.0.1` or `[::1]`,
/// - come from no page but the inspector's own, as the browser tells (`Sec-Fetch-Site`, `Origin`);
/// and where it changes something or wants secrets, carry the token that the page has been given.
struct InspectorGuard {
    /// Who may read the metrics, which hold no secrets.
    enum MetricsAudience: String { case off, loopback, any }

    let token: String
    private let port: UInt16
    private let metrics: MetricsAudience

    private static let forwarding: [StaticString] = [
        "forwarded", "x-forwarded-for", "x-forwarded-host", "x-forwarded-proto", "x-forwarded-server", "x-real-ip",
        "x-original-forwarded-for", "cf-connecting-ip", "true-client-ip", "via",
    ]

    init(port: UInt16, metrics: MetricsAudience) {
        self.port = port
        self.metrics = metrics
        // NB: SystemRandomNumberGenerator is getrandom(2) on Linux, so the token cannot be guessed.
        var source = SystemRandomNumberGenerator()
        token = Base64.encodeURLSafe((0..<32).map { _ in UInt8.random(in: .min ... .max, using: &source) })
    }

    /// Refuses whoever may not read what is asked for.
    func admit(_ head: RequestHead, from connection: Connection, isMetrics: Bool) throws(Refusal) {
        if isMetrics {
            guard metrics != .off else { throw Refusal(404, "The metrics are switched off") }
            if metrics == .any { return }
        }
        guard Self.isLoopback(connection.address) else {
            throw Refusal(403, "The inspector answers on this machine only")
        }
        for name in Self.forwarding where head.value(name) != nil {
            throw Refusal(403, "The inspector does not answer through a proxy")
        }
        guard isOwn(head.host) else {
            throw Refusal(403, "The inspector answers as localhost:\(port) and 127.0.0.1:\(port) only")
        }
        let host = head.host.text
        guard isMetrics || connection.isOwnUser else {
            throw Refusal(403, "The inspector answers the user only who runs the gateway")
        }
        try admitOrigin(head, host: host)
    }

    private func admitOrigin(_ head: RequestHead, host: String) throws(Refusal) {
        let isSafe = head.method.equals("GET") || head.isHead
        let elsewhere = Refusal(403, "The inspector answers no other page")
        if let origin = head.value("origin")?.text {
            guard origin == "http://\(host)" else { throw elsewhere }
        } else if !isSafe {
            throw Refusal(403, "This needs an Origin header that is the inspector's own")
        }
        guard let site = head.value("sec-fetch-site")?.text else { return }
        if site == "same-origin" || site == "none" { return }
        // A link on another page may lead here: what it opens, that page cannot read.
        let isVisit =
            isSafe && head.value("sec-fetch-mode")?.text == "navigate"
            && head.value("sec-fetch-dest")?.text == "document"
        guard isVisit else { throw elsewhere }
    }

    /// Whether the request shows the page's token.
    func hasToken(_ inspection: Inspection) -> Bool {
        let (given, own) = (Array(inspection.token.utf8), Array(token.utf8))
        guard given.count == own.count else { return false }
        // In constant time, so that it cannot be found out byte by byte.
        return zip(given, own).reduce(0) { $0 | ($1.0 ^ $1.1) } == 0
    }

    private func isOwn(_ host: Bytes) -> Bool {
        let parts = HostNames.parts(of: host)
        let named = parts.port.isEmpty ? "80" : parts.port.text
        return HostNames.isLocal(parts.name) && named == String(port)
    }

    static func isLoopback(_ peer: String) -> Bool { peer == "::1" || peer.starts(withBytes: "127.") }
}
