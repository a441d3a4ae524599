import Gateway
import Glibc
import HTTP
import Inspector
import Platform
import Wire

/// The command line and the environment of a command.
package struct Options {
    /// The gateway's configuration, without the parts that depend on several options.
    var gateway = Configuration()
    package var inspector = Inspector.Configuration()

    package var host = "127.0.0.1"
    package var port: UInt16 = 3001
    /// A Unix socket to listen on instead.
    package var socket: String?
    package var portFile: String?
    var passedVariables: [String] = []
    /// Whether a new installation may replace one that was lost.
    package var beginsInstallation = false

    /// The arguments after the command.
    var operands: [String] = []
    /// The data folder, in place of DATA_DIR.
    var dataOverride: String?
    var printsJSON = false

    package struct Recording {
        package var file: String?
        package var keepsSecrets = false
    }
    package var recording = Recording()

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

    struct Evaluation {
        /// The most questions of each collection; nil for all.
        var limit: Int?
        var modes = ["keyword"]
        var searchesOnly = false
        /// The folder for the data, which is then kept.
        var kept: String?
    }
    var evaluation = Evaluation()

    struct Logs {
        var function: String?
        var request: String?
        var level = LogLine.Level.info
        var follows = false
        /// Whether every line is shown.
        var isEverything: Bool { function == nil && request == nil && level == .info }
    }
    var logs = Logs()

    var logFile: String?
    var logLevel = LogLine.Level.info

    enum LogFormat: String { case auto, pretty, json }
    var logFormat = LogFormat.auto
    package var isQuiet = false

    /// The environment, completed by `.env`.
    package var environment: [String: String] = [:]

    init() { gateway.functionsFolder = Executable.besideFolder("functions") }

    /// How the gateway is to behave.
    package var configuration: Configuration {
        var configuration = gateway
        configuration.isLocal = isLocal
        configuration.trustedProxies = environment["TRUSTED_PROXIES"] ?? ""
        configuration.allowedOrigins = AllowedOrigins(list: environment["CORS_ORIGINS"] ?? "") ?? AllowedOrigins()
        return configuration
    }

    /// Whether only this machine can reach the address that the gateway listens on.
    private var isLocal: Bool {
        guard socket == nil else { return false }
        return host == "localhost" || IPAddress(host).map(HostNames.isLoopback) ?? false
    }

    /// The data folder as an absolute path.
    package var dataFolder: String {
        Self.absolute(dataOverride ?? environment["DATA_DIR"].flatMap { $0.isEmpty ? nil : $0 } ?? "./data")
    }

    /// Whether the data is on a PostgreSQL server, and the data folder has what belongs to this machine.
    package var hasDatabaseServer: Bool { environment["DATABASE_URL"].map { !$0.isEmpty } ?? false }

    package var childEnvironment: ChildEnvironment {
        ChildEnvironment(
            environment, dataDirectory: dataFolder, basePath: gateway.basePath, additional: passedVariables)
    }

    /// A path made absolute, without `.` and `..`.
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

/// An invalid setting: where it comes from, and what is expected.
package struct OptionError: Error, Equatable, CustomStringConvertible {
    /// The command line (`EX_USAGE`) or the configuration (`EX_CONFIG`).
    package enum Source: Int32 { case commandLine = 64, environment = 78 }

    package let source: Source
    package let description: String

    package init(source: Source, description: String) {
        self.source = source
        self.description = description
    }
}
