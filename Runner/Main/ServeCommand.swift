import Commands
import Gateway
import Glibc
import Inspector
import Recording

/// `runner serve`: connects the gateway with the inspector and the recording.
enum ServeCommand {
    static func run(_ options: Options) -> Int32 {
        guard let log = GatewaySetup.makeLog(options), let server = GatewaySetup.makeServer(options, log: log),
            let address = options.socket.flatMap({ SocketAddress(path: $0) })
                ?? SocketAddress(host: options.host, port: options.port)
        else { return GatewaySetup.failed() }
        guard let port = server.bind(address) else { return addressFailed(options, code: errno) }
        let inspector = Inspector(
            options.inspector, of: server, port: port, dataFolder: options.dataFolder, log: log)
        if options.inspector.isEnabled { server.add(inspector) }
        if options.inspector.isEnabled || options.inspector.metrics != .off { server.install(inspector) }
        guard let functions = server.learnFunctions(patience: FunctionCatalogue.patience) else {
            return GatewaySetup.folderFailed(options)
        }
        if let reason = obstacle(to: server, serving: functions, options) {
            return Terminal.fail(reason, code: OptionError.Source.environment.rawValue)
        }
        if let file = options.recording.file {
            guard let recorder = SessionRecorder(file, keepsSecrets: options.recording.keepsSecrets, log: log) else {
                let reason =
                    errno == EEXIST ? "the file exists; remove it, or use another" : String(cString: strerror(errno))
                return Terminal.fail("--record \(file): \(reason)", code: 1)
            }
            server.add(recorder)
        }
        // An empty database begins one by itself.
        if options.beginsInstallation, !options.hasDatabaseServer {
            DataCheck.permitInstallation(in: options.dataFolder)
        }
        if !options.isQuiet { Terminal.write(Greeting(options, port: port, functions: functions).text) }
        if let file = options.portFile, !writePort(port, to: file) {
            return Terminal.fail("--port-file \(file): \(String(cString: strerror(errno)))", code: 1)
        }
        let status = server.run()
        BackupCommand.checkpoint(server)
        return status
    }

    /// Why serving is pointless; nil if it is not.
    private static func obstacle(
        to server: Server, serving functions: [FunctionDescription], _ options: Options
    ) -> String? {
        // A transient fault is no obstacle: the functions are served once it has passed.
        if functions.isEmpty, !server.isDraining, !server.faults.contains(where: \.isTransient) {
            // What is wrong with every function is most likely a variable that all of them read.
            let reason = server.faults.first?.reason ?? "the folder has no executable"
            return "no function in \(options.configuration.functionsFolder) can be served: \(reason)"
        }
        let names = functions.map(\.name) + server.faults.map(\.name)
        let limited = options.configuration.functionLimits.ranges.keys.sorted()
        if let name = limited.first(where: { !names.contains($0) }) {
            return "--limit \(name): there is no such function\(Spelling.hint(name, among: names) ?? "")"
        }
        return DataCheck.obstacle(to: options.dataFolder)
    }

    private static func addressFailed(_ options: Options, code: Int32) -> Int32 {
        if let path = options.socket {
            return Terminal.fail(
                code == EADDRINUSE
                    ? "\(path) is in use by another program, or is not a socket"
                    : "cannot listen on \(path): \(String(cString: strerror(code)))", code: 1)
        }
        let place = "\(options.host) port \(options.port)"
        return switch code {
        case EADDRINUSE:
            Terminal.fail(
                """
                \(place) is in use by another program. End that program, or choose another port: \
                runner --port \(options.port == .max ? options.port - 1 : options.port + 1), or --port 0 for any free one.
                """, code: 1)
        case EACCES:
            Terminal.fail(
                "\(place) requires privileges this user does not have. Choose a port from 1024 up.", code: 1)
        case EADDRNOTAVAIL:
            Terminal.fail(
                "\(options.host) is not an address of this machine. Use 127.0.0.1, or 0.0.0.0 for all addresses.",
                code: 1)
        default:
            Terminal.fail("cannot listen on \(place): \(String(cString: strerror(code)))", code: 1)
        }
    }

    private static func writePort(_ port: UInt16, to file: String) -> Bool {
        // The file is renamed, so that nobody reads half of it.
        let temporary = file + ".new"
        let descriptor = open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else { return false }
        Terminal.write("\(port)\n", to: descriptor)
        close(descriptor)
        return rename(temporary, file) == 0
    }
}
