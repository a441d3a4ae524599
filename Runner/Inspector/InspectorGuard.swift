import Gateway
import Wire

/// Decides who may see the inspector, and who may act through it.
///
/// It is not enough that a request comes from this machine. Any web page can make a browser here send requests
/// (cross-site requests, DNS rebinding), a proxy here passes on the requests of strangers, and other people may have
/// accounts. So a request must
/// - come from a loopback address, over a socket of the user that runs the gateway, or of root,
/// - have no header of a proxy, and name the gateway as `localhost`, `127.0.0.1` or `[::1]`,
/// - come from the inspector's own page, according to the browser (`Sec-Fetch-Site`, `Origin`).
///
/// A request that changes something or asks for secrets must also have the token that the page was given.
struct InspectorGuard {
    let token: String
    private let port: UInt16
    private let metrics: Inspector.MetricsAudience

    private static let forwarding: [StaticString] = [
        "forwarded", "x-forwarded-for", "x-forwarded-host", "x-forwarded-proto", "x-forwarded-server", "x-real-ip",
        "x-original-forwarded-for", "cf-connecting-ip", "true-client-ip", "via",
    ]

    init(port: UInt16, metrics: Inspector.MetricsAudience) {
        self.port = port
        self.metrics = metrics
        // NB: SystemRandomNumberGenerator uses getrandom(2) on Linux, so the token cannot be guessed.
        var source = SystemRandomNumberGenerator()
        token = Base64.encodeURLSafe((0..<32).map { _ in UInt8.random(in: .min ... .max, using: &source) })
    }

    /// Throws if the client may not see the page, or the metrics.
    func admit(_ head: RequestHead, from client: any LocalClient, isMetrics: Bool) throws(GatewayError) {
        if isMetrics {
            guard metrics != .off else { throw GatewayError(404, "The metrics are disabled") }
            if metrics == .any { return }
        }
        guard Self.isLoopback(client.address) else {
            throw GatewayError(403, "The inspector is available only on this machine")
        }
        for name in Self.forwarding where head.value(name) != nil {
            throw GatewayError(403, "The inspector is not available through a proxy")
        }
        guard isOwn(head.host) else {
            throw GatewayError(403, "The inspector is available only as localhost:\(port) and 127.0.0.1:\(port)")
        }
        let host = head.host.text
        guard isMetrics || client.isOwnUser else {
            throw GatewayError(403, "The inspector answers only the user who runs the gateway")
        }
        try admitOrigin(head, host: host)
    }

    private func admitOrigin(_ head: RequestHead, host: String) throws(GatewayError) {
        let isSafe = head.method.equals("GET") || head.isHead
        let elsewhere = GatewayError(403, "The inspector does not answer requests of other pages")
        if let origin = head.value("origin")?.text {
            guard origin == "http://\(host)" else { throw elsewhere }
        } else if !isSafe {
            throw GatewayError(403, "This requires the inspector's own origin in the Origin header")
        }
        guard let site = head.value("sec-fetch-site")?.text else { return }
        if site == "same-origin" || site == "none" { return }
        // Another page may link here: it cannot read the page that the link opens.
        let isVisit =
            isSafe && head.value("sec-fetch-mode")?.text == "navigate"
            && head.value("sec-fetch-dest")?.text == "document"
        guard isVisit else { throw elsewhere }
    }

    /// Whether the request has the page's token.
    func hasToken(_ inspection: Inspection) -> Bool {
        let (given, own) = (Array(inspection.token.utf8), Array(token.utf8))
        guard given.count == own.count else { return false }
        // In constant time, so that it cannot be guessed byte by byte.
        return zip(given, own).reduce(0) { $0 | ($1.0 ^ $1.1) } == 0
    }

    private func isOwn(_ host: Bytes) -> Bool {
        let parts = HostNames.parts(of: host)
        let named = parts.port.isEmpty ? "80" : parts.port.text
        return HostNames.isLocal(parts.name) && named == String(port)
    }

    static func isLoopback(_ peer: String) -> Bool { peer == "::1" || peer.starts(withBytes: "127.") }
}
