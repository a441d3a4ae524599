import Gateway
import Glibc
import Platform

/// Sets up a gateway from options, and reports why one cannot be set up.
package enum GatewaySetup {
    /// The log that the options ask for; nil if it cannot be written, which is reported.
    package static func makeLog(_ options: Options) -> GatewayLog? {
        var descriptor: Int32 = 2
        if let file = options.logFile {
            descriptor = open(file, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o640)
            guard descriptor >= 0 else {
                _ = Terminal.fail("--log-file \(file): \(String(cString: strerror(errno)))", code: 1)
                return nil
            }
        }
        let terminal = Terminal(options, descriptor: descriptor)
        let format: GatewayLog.Format =
            switch options.logFormat {
            case .json: .json
            case .pretty: .pretty
            case .auto: terminal.isTerminal ? .pretty : .json
            }
        return GatewayLog(
            format: options.logFile == nil ? format : .json, hasColors: terminal.hasColors && format == .pretty,
            logsAccess: !options.isQuiet, level: options.isQuiet ? max(options.logLevel, .warning) : options.logLevel,
            descriptor: descriptor)
    }

    /// A gateway without an address; nil if it cannot be set up.
    /// - Parameter log: in place of the log that the options ask for.
    package static func makeServer(_ options: Options, log: GatewayLog? = nil) -> Server? {
        guard let log = log ?? makeLog(options), let loop = EventLoop() else { return nil }
        return Server(options.configuration, environment: options.childEnvironment, loop: loop, log: log)
    }

    package static func failed() -> Int32 { Terminal.fail("the gateway cannot be set up", code: 1) }

    /// The folder of functions cannot be read, or lacks a function that was named.
    package static func folderFailed(_ options: Options) -> Int32 {
        let folder = options.gateway.functionsFolder
        let missing = options.gateway.functionNames.filter { access("\(folder)/\($0)", X_OK) != 0 }
        let what = missing.isEmpty ? "function" : "function \(missing.joined(separator: " or "))"
        return Terminal.fail(
            "there is no \(what) in \(folder). Build it, or use another folder with --functions or FUNCTIONS_DIR.",
            code: OptionError.Source.environment.rawValue)
    }
}
