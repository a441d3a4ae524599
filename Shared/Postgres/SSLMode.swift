/// Whether connections over TCP use TLS, and what the server must prove: `sslmode` of libpq.
enum SSLMode: String {
    case disable
    /// NB: like `prefer`. libpq would first try without TLS.
    case allow
    /// With TLS if the server has it, and without where this build has none.
    case prefer
    case require
    case verifyAuthority = "verify-ca"
    case verifyName = "verify-full"

    /// Whether this build can use TLS: `NEXLAYER_TLS=openssl make build`.
    #if OPENSSL
        static let hasTLS = true
    #else
        static let hasTLS = false
    #endif

    /// Whether a connection without TLS is refused.
    var needsTLS: Bool {
        switch self {
        case .disable, .allow, .prefer: false
        case .require, .verifyAuthority, .verifyName: true
        }
    }
}

/// Whether the login proves that nobody stands between the two ends of TLS: `channel_binding` of libpq.
enum ChannelBindingUse: String { case disable, prefer, require }
