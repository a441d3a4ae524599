import Wire

/// The command line of a function.
struct CommandLineArguments {
    enum Command { case serve, describe, help, version }

    private(set) var command = Command.serve
    /// The value of `--gateway`.
    private(set) var gateway: String?

    struct UsageError: Error, CustomStringConvertible { let description: String }

    /// - Parameter words: without the program's name.
    init(_ words: ArraySlice<String>) throws(UsageError) {
        var rest = words
        while let word = rest.popFirst() {
            switch word {
            case "--describe": command = .describe
            case "--help", "-h": command = .help
            case "--version": command = .version
            case "--gateway":
                guard let name = rest.popFirst() else {
                    throw UsageError(description: "--gateway needs a name; try --help")
                }
                gateway = name
            default:
                guard let choice = word.without(prefix: "--gateway=") else {
                    throw UsageError(description: "unknown argument \(word); try --help")
                }
                gateway = String(choice)
            }
        }
    }
}
