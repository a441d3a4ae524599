import Glibc
import Platform
import Wire

/// How the gateway is set up. Durations are in seconds, sizes in bytes.
struct Options {
    var host = "127.0.0.1"
    var port: UInt16 = 3001
    /// A Unix socket to listen on instead, and who may use it.
    var socket: String?
    var socketMode: mode_t = 0o660
    var functionsFolder = Options.defaultFunctionsFolder
    /// The functions of the folder that are served, by name; empty for all.
    var functionNames: [String] = []
    var basePath = "/api/v1"
    var portFile: String?
    var passedVariables: [String] = []

    var functionLimits = FunctionLimits()
    /// Seconds between two calls of `run-jobs`; 0 for none.
    var jobsInterval = 1.0
    var maximumConnections = 4096
    var headLimits = HeadLimits()
    var maximumHeldBodyBytes = 1 << 30
    /// Of a request without `Authorization`.
    var maximumAnonymousBody = 1 << 20
    /// Of connections and of held bodies that one client may have when others need some, from 0 to 1.
    var peerShare = 0.125
    /// Bytes a second that a client must send, or take, on the whole; 0 for no minimum.
    var minimumRate = 16 * 1024
    /// The hosts that the API answers as; nil when nothing is said.
    var allowedHosts: String?
    var headTimeout = 10.0
    var bodyTimeout = 60.0
    var keepAliveTimeout = 75.0
    var writeTimeout = 60.0
    var drainTimeout = 10.0

    /// Whether a new installation may begin where one was lost.
    var beginsInstallation = false

    var hasInspector = true
    /// How many invocations are kept, how many bytes of an envelope, and how many bytes in all.
    var inspectorEntries = 300
    var inspectorBody = 64 * 1024
    var inspectorMemory = 16 * 1024 * 1024
    var metricsAudience = InspectorGuard.MetricsAudience.loopback

    /// What stands behind the command without a name.
    var operands: [String] = []
    /// Where the functions keep their data, in the place of DATA_DIR.
    var dataOverride: String?
    var printsJSON = false

    struct Recording {
        var file: String?
        var keepsSecrets = false
    }
    var recording = Recording()

    struct Invoke {
        typealias Pairs = [(key: String, value: String)]
        var event: String?
        var pathParameters: Pairs = []
        var query: Pairs = []
        var headers: Pairs = []
        var body: String?
        var isRaw = false
    }
    var invoke = Invoke()

    struct Replay { var ignored: [String] = [] }
    var replay = Replay()

    struct Backup {
        var isIncremental = false
        var verifies = false
        var replaces = false
    }
    var backup = Backup()

    struct Logs {
        var function: String?
        var request: String?
        var level = LogLine.Level.info
        var follows = false
        /// Whether no line is left out.
        var isEverything: Bool { function == nil && request == nil && level == .info }
    }
    var logs = Logs()

    var logFile: String?
    var logLevel = LogLine.Level.info

    enum LogFormat: String { case auto, pretty, json }
    var logFormat = LogFormat.auto
    var isQuiet = false

    /// The environment, completed from `.env`.
    var environment: [String: String] = [:]

    /// Whether only this machine can reach the address that is listened on.
    var isLocal: Bool {
        guard socket == nil else { return false }
        return host == "localhost" || IPAddress(host).map(HostNames.isLoopback) ?? false
    }

    /// Where the functions keep their data, as an absolute path.
    var dataFolder: String {
        Self.absolute(dataOverride ?? environment["DATA_DIR"].flatMap { $0.isEmpty ? nil : $0 } ?? "./data")
    }

    var childEnvironment: ChildEnvironment {
        ChildEnvironment(environment, dataDirectory: dataFolder, basePath: basePath, additional: passedVariables)
    }

    /// The folder `functions` beside the one that this program lies in.
    private static var defaultFunctionsFolder: String {
        var path = [CChar](repeating: 0, count: 4096)
        let length = readlink("/proc/self/exe", &path, path.count)
        let program = String(decoding: path[..<max(0, length)].map { UInt8(bitPattern: $0) }, as: UTF8.self)
        let parts = program.split(separator: "/").dropLast(2)
        return "/" + (parts + ["functions"]).joined(separator: "/")
    }

    /// `path` from the working directory, without `.` parts.
    static func absolute(_ path: String) -> String {
        var parts: [Substring] = []
        if !path.hasPrefix("/"), let folder = getcwd(nil, 0) {
            parts = String(cString: folder).split(separator: "/")
            free(folder)
        }
        for part in path.split(separator: "/") where part != "." {
            if part == "..", !parts.isEmpty { parts.removeLast() } else { parts.append(part) }
        }
        return "/" + parts.joined(separator: "/")
    }
}

/// A setting that cannot be used: where it comes from, and what it should be.
struct OptionError: Error, Equatable, CustomStringConvertible {
    /// Wrong use of the command line (`EX_USAGE`), or of the configuration (`EX_CONFIG`).
    enum Source: Int32 { case commandLine = 64, environment = 78 }

    let source: Source
    let description: String
}
