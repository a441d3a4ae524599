import Gateway
import Inspector
import Platform

/// One option: the single source for the command line, the environment and the help text.
struct Option: Sendable {
    let name: String
    /// The name of the value in the help; nil for a flag.
    let placeholder: String?
    let variable: String?
    let defaultText: String
    let help: String
    /// The commands that take it.
    var commands: Set<Manual.Command> = [.serve]
    /// Sets a value, or returns what was expected.
    let set: @Sendable (inout Options, String) -> Expectation?

    /// Completes "should be …".
    struct Expectation { let text: String }
}

extension Option {
    /// Every option, in the order of the help text.
    static let all: [Option] =
        listening.of(.serve, .doctor) + OptionsOfFolders.all
        + processes + OptionsOfClients.all
        + inspector + recording + output + OptionsOfCommands.all + OptionsOfEvaluation.all

    static func of(_ command: Manual.Command) -> [Option] { all.filter { $0.commands.contains(command) } }

    private static let listening = [
        Option(
            name: "host", placeholder: "ADDRESS", variable: "HOST", defaultText: "127.0.0.1",
            help: "Listen on this address: IPv4, IPv6 or localhost. 0.0.0.0 means all IPv4 interfaces, :: all."
        ) { options, value in
            guard SocketAddress(host: value, port: 0) != nil
            else { return Expectation(text: "a numeric IPv4 or IPv6 address, or localhost") }
            options.host = value
            return nil
        },
        Option(
            name: "port", placeholder: "PORT", variable: "PORT", defaultText: "3001",
            help: "Listen on this port. 0 takes any free port, which the gateway prints."
        ) { options, value in
            guard let port = UInt16(value) else { return Expectation(text: "a number from 0 to 65535") }
            options.port = port
            return nil
        },
        Option(
            name: "port-file", placeholder: "FILE", variable: "RUNNER_PORT_FILE", defaultText: "none",
            help: "Write the port to this file when the gateway is ready."
        ) { options, value in
            options.portFile = value
            return nil
        },
        Option(
            name: "socket", placeholder: "FILE", variable: "RUNNER_SOCKET", defaultText: "none",
            help: "Listen on this Unix socket instead of an address and port. A socket that an earlier runner left is "
                + "replaced; one that is in use is not. Functions see such clients as 127.0.0.1."
        ) { options, value in
            guard SocketAddress(path: value) != nil else { return Expectation(text: "a path of 1 to 107 bytes") }
            options.socket = value
            return nil
        },
        Option(
            name: "socket-mode", placeholder: "MODE", variable: "RUNNER_SOCKET_MODE", defaultText: "660",
            help: "The file mode of the Unix socket, as for chmod."
        ) { options, value in
            guard let mode = UInt32(value, radix: 8), mode <= 0o777 else {
                return Expectation(text: "three octal digits")
            }
            options.gateway.socketMode = mode
            return nil
        },
    ]

    private static let processes = [
        number(
            "max-processes", "RUNNER_MAX_PROCESSES", 1...1024, \.gateway.functionLimits.processesPerFunction,
            defaultText: "8 per processor, 8 to 32",
            "Maximum number of processes per function. With more than 16 processors, the default is two per processor."),
        number(
            "min-processes", "RUNNER_MIN_PROCESSES", 0...1024, \.gateway.functionLimits.warmProcesses,
            "Processes that each function keeps even without requests, so that no request waits for a start."),
        Option(
            name: "limit", placeholder: "NAME=[MIN-]MAX", variable: "RUNNER_LIMITS", defaultText: "none",
            help:
                "Override the process limits of one function: send-message=2, list-workspaces=1-8. Can be repeated, or be "
                + "a list separated by commas."
        ) { options, value in
            for part in value.split(separator: ",") {
                guard let (name, range) = processRange(part)
                else {
                    return Expectation(text: "NAME=MAX or NAME=MIN-MAX with numbers up to 1024, such as login=1-8")
                }
                options.gateway.functionLimits.ranges[name] = range
            }
            return nil
        },
        number(
            "memory-limit", "RUNNER_MEMORY_LIMIT", 0...(1 << 40), \.gateway.functionLimits.memory,
            "Bytes of memory that a process of a function may allocate (RLIMIT_DATA); 0 for no limit."),
        number(
            "cpu-limit", "RUNNER_CPU_LIMIT", 0...86_400, \.gateway.functionLimits.processorSeconds,
            "Seconds of processor time that one request may take before its process is ended (RLIMIT_CPU, raised "
                + "with every request); 0 for no limit."),
        number(
            "max-total-processes", "RUNNER_MAX_TOTAL_PROCESSES", 1...4096, \.gateway.functionLimits.processes,
            "Maximum number of processes of all functions together."),
        seconds(
            "jobs-interval", "RUNNER_JOBS_INTERVAL", \.gateway.jobsInterval,
            "Call the function run-jobs this often, for webhooks and other background work; 0 for never."),
        seconds(
            "idle-timeout", "RUNNER_IDLE_TIMEOUT", \.gateway.functionLimits.idleTimeout,
            "End a process that has been idle this long."),
        number(
            "max-requests", "RUNNER_MAX_REQUESTS", 1...1_000_000_000, \.gateway.functionLimits.requestsPerProcess,
            "Replace a process after this many requests."),
        number(
            "queue", "RUNNER_QUEUE", 0...1_000_000, \.gateway.functionLimits.queueLength,
            "Requests that may wait for a process. Further ones get a 503."),
        seconds(
            "queue-timeout", "RUNNER_QUEUE_TIMEOUT", \.gateway.functionLimits.queueTimeout,
            "How long a request may wait for a process before it gets a 503."),
        number(
            "max-answer-bytes", "RUNNER_MAX_ANSWER_BYTES", 1024...(1 << 40),
            \.gateway.functionLimits.maximumAnswerBytes,
            "The longest line of a function's response, in bytes."),
    ]

    private static let inspector = [
        flag(
            "no-inspector", "RUNNER_NO_INSPECTOR", \.inspector.isEnabled, false, "Serve only metrics below /_runner."
        ),
        number(
            "inspector-entries", "RUNNER_INSPECTOR_ENTRIES", 1...10_000, \.inspector.entries,
            "Invocations that the inspector keeps."),
        number(
            "inspector-body", "RUNNER_INSPECTOR_BODY", 0...(1 << 30), \.inspector.body,
            "The largest envelope that the inspector keeps, in bytes. It keeps only the head of larger ones."),
        number(
            "inspector-memory", "RUNNER_INSPECTOR_MEMORY", 0...(1 << 36), \.inspector.memory,
            "Memory for the invocations that the inspector keeps, in bytes. The oldest are dropped first."),
        Option(
            name: "metrics", placeholder: "AUDIENCE", variable: "RUNNER_METRICS", defaultText: "loopback",
            help:
                "Who may read /_runner/metrics: loopback (this machine), any (every client), or off."
        ) { options, value in
            guard let audience = Inspector.MetricsAudience(rawValue: value)
            else { return Expectation(text: "loopback, any or off") }
            options.inspector.metrics = audience
            return nil
        },
    ]

    private static let recording = [
        text(
            "record", "FILE", variable: "RUNNER_RECORD",
            "Write requests and responses to this new file, for runner replay."
        ) {
            $0.recording.file = $1
        },
        flag(
            "record-secrets", "RUNNER_RECORD_SECRETS", \.recording.keepsSecrets, true,
            "Keep passwords, tokens and keys in the recording."),
    ]

    private static let output = [
        text(
            "log-file", "FILE", variable: "RUNNER_LOG_FILE",
            "Append the log to this file as JSON lines, instead of writing it to stderr."
        ) {
            $0.logFile = $1
        },
        Option(
            name: "log-level", placeholder: "LEVEL", variable: "RUNNER_LOG_LEVEL", defaultText: "info",
            help: "Minimum log level: info (every request), warning or error."
        ) { options, value in
            guard let level = LogLine.Level(rawValue: value) else { return Expectation(text: "info, warning or error") }
            options.logLevel = level
            return nil
        },
        Option(
            name: "log-format", placeholder: "FORMAT", variable: "LOG_FORMAT", defaultText: "auto",
            help: "pretty, json, or auto: pretty on a terminal (with colours unless NO_COLOR is set), else json."
        ) { options, value in
            guard let format = Options.LogFormat(rawValue: value)
            else { return Expectation(text: "auto, pretty or json") }
            options.logFormat = format
            return nil
        },
        flag(
            "quiet", "RUNNER_QUIET", \.isQuiet, true,
            "Print no greeting and no line per request, only warnings and errors."),
    ]

    /// An option whose value may be any text.
    static func text(
        _ name: String, _ placeholder: String, variable: String? = nil, defaultText: String = "none", _ help: String,
        _ take: @escaping @Sendable (inout Options, String) -> Void
    ) -> Option {
        Option(name: name, placeholder: placeholder, variable: variable, defaultText: defaultText, help: help) {
            options, value in
            take(&options, value)
            return nil
        }
    }

    /// - Parameter meaning: the value of the property if the flag is given.
    static func flag(
        _ name: String, _ variable: String?, _ property: WritableKeyPath<Options, Bool> & Sendable, _ meaning: Bool,
        _ help: String
    ) -> Option {
        Option(name: name, placeholder: nil, variable: variable, defaultText: "off", help: help) { options, value in
            switch value {
            case "", "1", "true", "yes", "on": options[keyPath: property] = meaning
            case "0", "false", "no", "off": options[keyPath: property] = !meaning
            default: return Expectation(text: "1 or 0")
            }
            return nil
        }
    }

    /// `send-message=2` or `list-workspaces=1-8`.
    private static func processRange(_ text: Substring) -> (String, ClosedRange<Int>)? {
        let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2, !parts[0].isEmpty else { return nil }
        let bounds = parts[1].split(separator: "-", omittingEmptySubsequences: false).map { Int($0) }
        guard let last = bounds.last, let most = last, (1...1024).contains(most), bounds.count <= 2 else { return nil }
        guard bounds.count == 2 else { return (String(parts[0]), 0...most) }
        guard let first = bounds[0], (0...most).contains(first) else { return nil }
        return (String(parts[0]), first...most)
    }

    static func number(
        _ name: String, _ variable: String, _ range: ClosedRange<Int>,
        _ property: WritableKeyPath<Options, Int> & Sendable, defaultText: String? = nil, _ help: String
    ) -> Option {
        Option(
            name: name, placeholder: "NUMBER", variable: variable,
            defaultText: defaultText ?? String(Options()[keyPath: property]), help: help
        ) { options, value in
            guard let number = Int(value), range.contains(number)
            else { return Expectation(text: "a whole number from \(range.lowerBound) to \(range.upperBound)") }
            options[keyPath: property] = number
            return nil
        }
    }

    static func seconds(
        _ name: String, _ variable: String, _ property: WritableKeyPath<Options, Double> & Sendable, _ help: String
    ) -> Option {
        Option(
            name: name, placeholder: "SECONDS", variable: variable,
            defaultText: String(Int(Options()[keyPath: property])), help: help
        ) { options, value in
            guard let number = Double(value), number >= 0, number <= 1_000_000
            else { return Expectation(text: "a number of seconds from 0 to 1000000") }
            options[keyPath: property] = number
            return nil
        }
    }
}

extension [Option] {
    func of(_ commands: Manual.Command...) -> [Option] {
        map { option in
            var option = option
            option.commands = Set(commands)
            return option
        }
    }
}
