import Commands
import Glibc
import Platform

/// Serves a folder of functions over HTTP; see `runner --help`.
@main enum RunnerMain {
    static func main() { exit(run(Array(CommandLine.arguments.dropFirst()))) }

    /// Runs the command that the arguments name.
    /// - Returns: the exit code.
    private static func run(_ arguments: [String]) -> Int32 {
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
        let command = try command(word)
        let options = try Options(command, arguments: Array(rest), environment: EnvironmentFile.load())
        return switch command {
        case .serve: ServeCommand.run(options)
        case .invoke: InvokeCommand.run(options)
        case .routes: RoutesCommand.run(options)
        case .replay: ReplayCommand.run(options)
        case .logs: LogsCommand.run(options)
        case .doctor: DoctorCommand.run(options)
        case .eval: EvalCommand.run(options)
        case .backup: BackupCommand.backUp(options)
        case .restore: BackupCommand.restore(options)
        }
    }

    /// The help text or the version, if the arguments ask for it.
    private static func help(_ arguments: [String]) throws(OptionError) -> String? {
        if arguments.contains("--version") { return Help.version }
        guard arguments.first == "help" || arguments.contains("--help") || arguments.contains("-h") else { return nil }
        let word = arguments.first == "help" ? arguments.dropFirst().first : arguments.first
        guard let word, !word.hasPrefix("-") else { return Help.text }
        return Help.text(for: try command(word))
    }

    private static func command(_ word: String) throws(OptionError) -> Manual.Command {
        if let command = Manual.Command(rawValue: word) { return command }
        let hint = Spelling.hint(word, among: Manual.Command.allCases.map(\.rawValue) + ["help"])
        throw OptionError(
            source: .commandLine,
            description: "unknown command \"\(word)\"\(hint ?? "; runner --help lists all commands")")
    }
}
