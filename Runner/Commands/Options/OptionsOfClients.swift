import Gateway

/// The options that limit clients, and those for host names.
enum OptionsOfClients {
    static let all = connections + shares + hosts

    private static let connections = [
        Option.number(
            "max-connections", "RUNNER_MAX_CONNECTIONS", 1...60_000, \.gateway.maximumConnections,
            "Maximum number of connections. If another one arrives, the connection that has been idle longest is closed, or "
                + "else that of a slow client. For a client below its --peer-share, one of the client with the most "
                + "connections is closed. Otherwise the new one waits."),
        Option.number(
            "max-request-line", "RUNNER_MAX_REQUEST_LINE", 64...65_536, \.gateway.headLimits.requestLine,
            "The longest request line, in bytes. A longer one gets a 414."),
        Option.number(
            "max-head-bytes", "RUNNER_MAX_HEAD_BYTES", 256...1_048_576, \.gateway.headLimits.bytes,
            "The longest request head, in bytes. A longer one gets a 431."),
        Option.number(
            "max-header-fields", "RUNNER_MAX_HEADER_FIELDS", 1...10_000, \.gateway.headLimits.fields,
            "Maximum number of header fields in a request. More get a 431."),
        Option.number(
            "max-body-memory", "RUNNER_MAX_BODY_MEMORY", 1_048_576...(1 << 40), \.gateway.maximumHeldBodyBytes,
            "Bytes of request bodies in memory, over all connections. Above that, slow clients and clients with more than "
                + "--peer-share are cut off, or else the request gets a 503."),
        Option.seconds(
            "head-timeout", "RUNNER_HEAD_TIMEOUT", \.gateway.headTimeout,
            "How long a request head may take."),
        Option.seconds(
            "body-timeout", "RUNNER_BODY_TIMEOUT", \.gateway.bodyTimeout,
            "How long a request body may take, in addition to its length divided by --min-rate. After that it gets a 408."
        ),
        Option.seconds(
            "keep-alive-timeout", "RUNNER_KEEP_ALIVE_TIMEOUT", \.gateway.keepAliveTimeout,
            "How long a connection stays open without a request."),
        Option.seconds(
            "write-timeout", "RUNNER_WRITE_TIMEOUT", \.gateway.writeTimeout,
            "How many seconds a client that reads a response may fall behind --min-rate."),
        Option.number(
            "min-rate", "RUNNER_MIN_RATE", 0...(1 << 30), \.gateway.minimumRate,
            "Bytes a second that a client must send or read on average; 0 for no minimum."),
        Option.seconds(
            "drain-timeout", "RUNNER_DRAIN_TIMEOUT", \.gateway.drainTimeout,
            "How long requests may finish after SIGTERM, SIGINT or SIGHUP. A second signal ends everything at once."),
    ]

    private static let shares = [
        Option(
            name: "peer-share", placeholder: "SHARE", variable: "RUNNER_PEER_SHARE", defaultText: "0.125",
            help:
                "The share of --max-body-memory and --max-connections, from 0 to 1, above which a client gives way to "
                + "others when there is no room. A client is an IPv4 address or an IPv6 network (/64). Through a proxy "
                + "in TRUSTED_PROXIES, bodies count for the address in X-Forwarded-For."
        ) { options, value in
            guard let share = Double(value), share >= 0, share <= 1
            else { return Option.Expectation(text: "a number from 0 to 1") }
            options.gateway.peerShare = share
            return nil
        },
        Option.number(
            "max-anonymous-body", "RUNNER_MAX_ANONYMOUS_BODY", 0...(1 << 40), \.gateway.maximumAnonymousBody,
            "The largest body of a request without Authorization, in bytes. A larger one gets a 401 before it is read."),
    ]

    private static let hosts = [
        Option(
            name: "allowed-hosts", placeholder: "NAMES", variable: "ALLOWED_HOSTS",
            defaultText: "local names on a loopback address, otherwise all",
            help:
                "Also accept requests for these host names, separated by commas; * for all. By default, a gateway on a "
                + "loopback address accepts only localhost, 127.0.0.0/8 and [::1], so that no web page can pose as a "
                + "local one. A proxy that passes on the public name needs this."
        ) { options, value in
            if let part = HostNames.fault(in: value) {
                return Option.Expectation(
                    text: "host names without ports, such as api.example.com, or *; not \"\(part)\"")
            }
            options.gateway.allowedHosts = value
            return nil
        }
    ]
}
