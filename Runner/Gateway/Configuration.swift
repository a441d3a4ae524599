import Glibc
import HTTP

/// The gateway's settings. Durations are in seconds, sizes in bytes.
package struct Configuration {
    /// The folder that contains the executables.
    package var functionsFolder = ""
    /// The functions to serve, by name; empty for all in the folder.
    package var functionNames: [String] = []
    /// The prefix of every path: `/api/v1`, or empty.
    package var basePath = "/api/v1"
    package var functionLimits = FunctionLimits()
    /// The interval between calls of `run-jobs`; 0 for never.
    package var jobsInterval = 1.0

    /// The file mode of a Unix socket.
    package var socketMode: mode_t = 0o660
    package var maximumConnections = 4096
    package var headLimits = HeadLimits()
    /// The maximum total size of request bodies in memory.
    package var maximumHeldBodyBytes = 1 << 30
    /// The maximum body of a request without `Authorization`.
    package var maximumAnonymousBody = 1 << 20
    /// The share of connections and of body memory that a client may keep when others need room, from 0 to 1.
    package var peerShare = 0.125
    /// The average rate, in bytes per second, at which a client must send or read; 0 for no minimum.
    package var minimumRate = 16 * 1024

    /// The host names that the API answers to, separated by commas, or `*`; nil for the default.
    package var allowedHosts: String?
    /// Whether the listening address is reachable from this machine only.
    package var isLocal = true
    /// Reverse proxies whose `X-Forwarded-For` is trusted: addresses and networks, separated by commas.
    package var trustedProxies = ""
    /// The origins whose pages may read the gateway's own responses.
    package var allowedOrigins = AllowedOrigins()

    package var headTimeout = 10.0
    package var bodyTimeout = 60.0
    package var keepAliveTimeout = 75.0
    package var writeTimeout = 60.0
    package var drainTimeout = 10.0

    package init() {}
}
