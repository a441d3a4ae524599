import Wire

/// What clients may have of the gateway, and which hosts it answers as.
enum OptionsOfClients {
    static let all = connections + shares + hosts

    private static let connections = [
        Option.number(
            "max-connections", "RUNNER_MAX_CONNECTIONS", 1...60_000, \.maximumConnections,
            "Connections at once. When one more comes, the one that has been idle longest is closed; where none is, that of a "
                + "client that lags; to a client below its --peer-share, one of the client that has most. Else the new "
                + "one waits."),
        Option.number(
            "max-request-line", "RUNNER_MAX_REQUEST_LINE", 64...65_536, \.headLimits.requestLine,
            "The longest request line, in bytes; a longer one gets a 414."),
        Option.number(
            "max-head-bytes", "RUNNER_MAX_HEAD_BYTES", 256...1_048_576, \.headLimits.bytes,
            "The longest head of a request, in bytes; a longer one gets a 431."),
        Option.number(
            "max-header-fields", "RUNNER_MAX_HEADER_FIELDS", 1...10_000, \.headLimits.fields,
            "The most header fields of a request; more get a 431."),
        Option.number(
            "max-body-memory", "RUNNER_MAX_BODY_MEMORY", 1_048_576...(1 << 40), \.maximumHeldBodyBytes,
            "Bytes of request bodies that are held at once, of all connections. Beyond that, clients that lag or have more than "
                + "--peer-share give way, or else the request gets a 503."),
        Option.seconds("head-timeout", "RUNNER_HEAD_TIMEOUT", \.headTimeout, "How long a request's head may take."),
        Option.seconds(
            "body-timeout", "RUNNER_BODY_TIMEOUT", \.bodyTimeout,
            "How far a request's body may be behind --min-rate, and so how long it may take beside its length by that "
                + "rate; after that it gets a 408."),
        Option.seconds(
            "keep-alive-timeout", "RUNNER_KEEP_ALIVE_TIMEOUT", \.keepAliveTimeout,
            "How long a connection is kept without a request."),
        Option.seconds(
            "write-timeout", "RUNNER_WRITE_TIMEOUT", \.writeTimeout,
            "How far a client may be behind --min-rate in taking a response that waits for it."),
        Option.number(
            "min-rate", "RUNNER_MIN_RATE", 0...(1 << 30), \.minimumRate,
            "Bytes a second that a client must send of a body, and take of a response, on the whole; 0 for any."),
        Option.seconds(
            "drain-timeout", "RUNNER_DRAIN_TIMEOUT", \.drainTimeout,
            "How long requests may finish after SIGTERM, SIGINT or SIGHUP. A second signal ends everything at once."),
    ]

    private static let shares = [
        Option(
            name: "peer-share", placeholder: "SHARE", variable: "RUNNER_PEER_SHARE", defaultText: "0.125",
            help:
                "The share of --max-body-memory and --max-connections, from 0 to 1, beyond which a client must give way "
                + "to others when there is no room. A client is an IPv4 address or an IPv6 network (/64); behind a proxy "
                + "of TRUSTED_PROXIES, bodies count for the address that it tells of."
        ) { options, value in
            guard let share = Double(value), share >= 0, share <= 1
            else { return Option.Expectation(text: "a number from 0 to 1") }
            options.peerShare = share
            return nil
        },
        Option.number(
            "max-anonymous-body", "RUNNER_MAX_ANONYMOUS_BODY", 0...(1 << 40), \.maximumAnonymousBody,
            "The largest body, in bytes, that is read of a request without Authorization; a larger one gets a 401 before "
                + "it is read."),
    ]

    private static let hosts = [
        Option(
            name: "allowed-hosts", placeholder: "NAMES", variable: "ALLOWED_HOSTS",
            defaultText: "local names on a loopback address, all elsewhere",
            help: "Answer requests for these hosts too, with commas between them, or * for every one. On a loopback "
                + "address only localhost, 127.0.0.0/8 and [::1] are answered otherwise, so that no page of the web can "
                + "pass for one of this machine; a proxy that passes on the public name needs this."
        ) { options, value in
            if let part = HostNames.fault(in: value) {
                return Option.Expectation(
                    text: "host names without ports, such as api.example.com, or *; not \"\(part)\"")
            }
            options.allowedHosts = value
            return nil
        }
    ]
}
