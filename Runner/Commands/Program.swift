import Glibc
import Platform
import Wire

/// The command line of the runner.
public enum Program {
    public static let version = "0.1.0"

    /// Runs the command that the arguments ask for.
    ///
    /// - Parameter arguments: without the program's name.
    /// - Returns: the exit code.
    public static func run(arguments: [String]) -> Int32 {
        Descriptor.secureInherited()
        do throws(OptionError) {
            if let text = try help(arguments) {
                Terminal.write(text)
                return 0
            }
            return try perform(arguments)
        } catch {
            return Terminal.fail(error.description, code: error.source.rawValue)
        }
    }

    private static func perform(_ arguments: [String]) throws(OptionError) -> Int32 {
        var rest = arguments[...]
        let word = rest.first.map { $0.hasPrefix("-") ? "serve" : $0 } ?? "serve"
        if rest.first == word { rest.removeFirst() }
        guard let command = Command.Name(rawValue: word) else { throw unknown(word) }
        let options = try Options(command, arguments: Array(rest), environment: EnvironmentFile.load())
        return switch command {
        case .serve: serve(options)
        case .invoke: InvokeCommand.run(options)
        case .routes: routes(options)
        case .replay: ReplayCommand.run(options)
        case .logs: LogsCommand.run(options)
        case .doctor: DoctorCommand.run(options)
        case .backup: BackupCommand.backUp(options)
        case .restore: BackupCommand.restore(options)
        }
    }

    /// The text that is asked for: a manual, or the version.
    private static func help(_ arguments: [String]) throws(OptionError) -> String? {
        if arguments.contains("--version") { return Help.version }
        guard arguments.first == "help" || arguments.contains("--help") || arguments.contains("-h") else { return nil }
        let word = arguments.first == "help" ? arguments.dropFirst().first : arguments.first
        guard let word, !word.hasPrefix("-") else { return Help.text }
        guard let name = Command.Name(rawValue: word) else { throw unknown(word) }
        return Help.text(for: Command.named(name))
    }

    private static func unknown(_ word: String) -> OptionError {
        let hint = Spelling.hint(word, among: Command.Name.allCases.map(\.rawValue) + ["help"])
        return OptionError(
            source: .commandLine, description: "unknown command \"\(word)\"\(hint ?? "; runner --help lists all")")
    }

    // MARK: Commands

    private static func serve(_ options: Options) -> Int32 {
        guard let server = makeServer(options),
            let address = options.socket.flatMap({ SocketAddress(path: $0) })
                ?? SocketAddress(host: options.host, port: options.port)
        else { return noLoop() }
        guard let port = server.bind(address) else { return addressFailed(options, code: errno) }
        guard let functions = server.learnFunctions(patience: FunctionCatalogue.patience) else {
            return folderFailed(options)
        }
        // What passes is no reason not to start: the functions are served when it has passed.
        if functions.isEmpty, !server.isDraining, !server.faults.contains(where: \.isPassing) {
            return nothingToServe(options, server.faults.first?.reason)
        }
        if let reason = misfit(options, functions.map(\.name) + server.faults.map(\.name)) {
            return fail(reason, code: OptionError.Source.environment.rawValue)
        }
        if let file = options.recording.file, !server.record(into: file) {
            let reason =
                errno == EEXIST ? "it is there already; remove it, or name another" : String(cString: strerror(errno))
            return fail("--record \(file): \(reason)", code: 1)
        }
        if options.beginsInstallation { InstallationMarker(of: options.dataFolder).remove() }
        if !options.isQuiet { write(greeting(options, port: port, functions: functions)) }
        if let file = options.portFile, !writePort(port, to: file) {
            return fail("--port-file \(file): \(String(cString: strerror(errno)))", code: 1)
        }
        return server.run()
    }

    private static func routes(_ options: Options) -> Int32 {
        guard let server = makeServer(options) else { return noLoop() }
        guard let functions = server.learnFunctions() else { return folderFailed(options) }
        server.log.flush()
        if options.printsJSON {
            write(JSON.array(functions.flatMap { routes(of: $0, options) }).pretty() + "\n")
            return 0
        }
        var rows = [["METHOD", "PATH", "FUNCTION", "TIMEOUT"]]
        for function in functions {
            guard let route = function.route else {
                rows.append(["-", "-", function.name, timeout(function)])
                continue
            }
            for method in route.methods {
                rows.append([method, options.basePath + route.path, function.name, timeout(function)])
            }
        }
        write(table(rows))
        return 0
    }

    private static func routes(of function: FunctionDescription, _ options: Options) -> [JSON] {
        let methods: [String?] = function.route?.methods ?? [nil]
        return methods.map { method in
            [
                "function": .string(function.name), "method": method.map { .string($0) } ?? .null,
                "path": function.route.map { .string(options.basePath + $0.path) } ?? .null,
                "summary": .string(function.summary), "timeoutSeconds": .double(function.timeout),
                "streams": .bool(function.streams), "maxBodyBytes": .int(Int64(function.maximumBodyBytes)),
                "executable": .string(function.executable),
            ]
        }
    }

    /// Nil when the log cannot be written (the reason is told), or the system gives no epoll descriptor.
    static func makeServer(_ options: Options) -> Server? {
        var descriptor: Int32 = 2
        if let file = options.logFile {
            descriptor = open(file, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o640)
            guard descriptor >= 0 else {
                _ = fail("--log-file \(file): \(String(cString: strerror(errno)))", code: 1)
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
        let log = GatewayLog(
            format: options.logFile == nil ? format : .json, hasColors: terminal.hasColors && format == .pretty,
            logsAccess: !options.isQuiet, level: options.isQuiet ? max(options.logLevel, .warning) : options.logLevel,
            descriptor: descriptor)
        return EventLoop().map { Server(options, loop: $0, log: log) }
    }

    static func noLoop() -> Int32 { fail("the gateway cannot be set up", code: 1) }

    // MARK: Texts

    private static func greeting(_ options: Options, port: UInt16, functions: [FunctionDescription]) -> String {
        let host =
            switch options.host {
            case "0.0.0.0", "::", "localhost": "localhost"
            case let address: address.contains(":") ? "[\(address)]" : address
            }
        let base = options.socket ?? "http://\(host):\(port)"
        let url = (options.socket.map { "--unix-socket \($0) http://localhost" } ?? base) + options.basePath
        // Browsers do not speak to Unix sockets.
        let pages = [
            ("Reference    ", options.basePath + "/docs", functions.contains { $0.route?.path == "/docs" }),
            ("Inspector    ", Inspector.root, options.hasInspector),
        ].filter { $0.2 && options.socket == nil }.map { "\($0.0)\(base)\($0.1)\n" }.joined()
        return """
            Listening on \(base)
            Data in      \(options.dataFolder)
            Functions    \(functions.count) from \(options.functionsFolder)
            \(pages)
            Try (whoever registers first is the administrator):
              curl \(url)/health
              TOKEN=$(curl -s \(url)/auth/register -H 'Content-Type: application/json' \
            -d '{"email":"you@example.com","password":"correct horse","name":"You"}' | \
            sed 's/.*"token":"\\([^"]*\\)".*/\\1/')
              curl \(url)/workspaces -H "Authorization: Bearer $TOKEN"


            """
    }

    private static func timeout(_ function: FunctionDescription) -> String {
        JSON.double(function.timeout).text + " s"
    }

    private static func table(_ rows: [[String]]) -> String {
        let widths = (0..<4).map { column in rows.map { $0[column].count }.max() ?? 0 }
        return rows.map { row in
            row.enumerated().map { column, cell in
                column == row.count - 1 ? cell : cell + String(repeating: " ", count: widths[column] + 2 - cell.count)
            }.joined()
        }.joined(separator: "\n") + "\n"
    }

    // MARK: Failures

    /// What the options say of a folder that cannot be or of functions that are not there, broken ones included.
    private static func misfit(_ options: Options, _ functions: [String]) -> String? {
        if let name = options.functionLimits.ranges.keys.sorted().first(where: { !functions.contains($0) }) {
            return "--limit \(name): there is no such function\(Spelling.hint(name, among: functions) ?? "")"
        }
        if let finding = DataCheck.absence(of: options.dataFolder), finding.level == .failure {
            return [finding.text, finding.cure].compactMap(\.self).joined(separator: ". ")
        }
        return nil
    }

    private static func addressFailed(_ options: Options, code: Int32) -> Int32 {
        if let path = options.socket {
            return fail(
                code == EADDRINUSE
                    ? "\(path) is in use by another program, or is no socket"
                    : "\(path) cannot be listened on: \(String(cString: strerror(code)))", code: 1)
        }
        let place = "\(options.host) port \(options.port)"
        return switch code {
        case EADDRINUSE:
            fail(
                """
                \(place) is in use by another program. End that one, or choose another port: \
                runner --port \(options.port == .max ? options.port - 1 : options.port + 1), or --port 0 for any free one.
                """, code: 1)
        case EACCES:
            fail("\(place) needs privileges that this user has not. Choose a port from 1024 on.", code: 1)
        case EADDRNOTAVAIL:
            fail("\(options.host) is no address of this machine. Use 127.0.0.1, or 0.0.0.0 for all.", code: 1)
        default:
            fail("\(place) cannot be listened on: \(String(cString: strerror(code)))", code: 1)
        }
    }

    static func folderFailed(_ options: Options) -> Int32 {
        fail(
            """
            there is no \(missing(options)) in \(options.functionsFolder). Build it, or name another folder with --functions or FUNCTIONS_DIR.
            """, code: OptionError.Source.environment.rawValue)
    }

    private static func missing(_ options: Options) -> String {
        let missing = options.functionNames.filter { access("\(options.functionsFolder)/\($0)", X_OK) != 0 }
        return missing.isEmpty ? "function" : "function \(missing.joined(separator: " and no "))"
    }

    /// What is wrong with every function is most likely a variable that they all understand.
    private static func nothingToServe(_ options: Options, _ reason: String?) -> Int32 {
        fail(
            "no function of \(options.functionsFolder) can be served: \(reason ?? "the folder holds no executable")",
            code: OptionError.Source.environment.rawValue)
    }

    private static func fail(_ message: String, code: Int32) -> Int32 { Terminal.fail(message, code: code) }

    private static func writePort(_ port: UInt16, to file: String) -> Bool {
        // Renamed into place, so that whoever waits for the file never reads half of it.
        let temporary = file + ".new"
        let descriptor = open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else { return false }
        write("\(port)\n", to: descriptor)
        close(descriptor)
        return rename(temporary, file) == 0
    }

    private static func write(_ text: String, to descriptor: Int32 = 1) { Terminal.write(text, to: descriptor) }
}
