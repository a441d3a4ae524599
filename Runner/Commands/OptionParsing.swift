extension Options {
    /// The options from the environment, overridden by those of the command line.
    ///
    /// - Parameter arguments: without the program's name and the command.
    init(_ command: Command.Name, arguments: [String], environment: [String: String]) throws(OptionError) {
        self.environment = environment
        // The name that Azure Functions has for it, for a custom handler.
        let port = environment["FUNCTIONS_CUSTOMHANDLER_PORT"].map { ["PORT": $0] } ?? [:]
        let environment = environment.merging(port) { _, azure in azure }
        for option in Option.all {
            guard let variable = option.variable, let value = environment[variable], !value.isEmpty else { continue }
            if let expectation = option.set(&self, value) {
                throw OptionError(
                    source: .environment, description: "\(variable)=\(value): should be \(expectation.text)")
            }
        }
        // Its host is in front of it on the same machine, and passes on the public name.
        if allowedHosts == nil, !port.isEmpty { allowedHosts = "*" }
        var rest = arguments[...]
        while let argument = rest.popFirst() {
            try take(argument, &rest, of: command)
        }
    }

    /// Takes `--name value`, `--name=value`, `--flag`, or an operand.
    private mutating func take(
        _ argument: String, _ rest: inout ArraySlice<String>, of command: Command.Name
    ) throws(OptionError) {
        func wrong(_ reason: String) -> OptionError { OptionError(source: .commandLine, description: reason) }
        guard argument.hasPrefix("-"), argument != "-" else {
            guard Command.named(command).operand != nil || command == .doctor
            else { throw wrong("unexpected argument \"\(argument)\"") }
            operands.append(argument)
            return
        }
        let parts = argument.drop { $0 == "-" }.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        let known = Option.of(command)
        guard argument.hasPrefix("--"), let name = parts.first, let option = known.first(where: { $0.name == name })
        else {
            let hint = Spelling.hint(String(parts.first ?? ""), among: known.map(\.name), prefix: "--")
            throw wrong("unknown option \(argument)\(hint ?? "; runner help \(command.rawValue) lists all")")
        }
        var value = parts.count == 2 ? String(parts[1]) : ""
        if option.placeholder != nil, parts.count == 1 {
            guard let next = rest.popFirst() else { throw wrong("--\(name) needs a value") }
            value = next
        }
        if let expectation = option.set(&self, value) {
            throw wrong("--\(name) \(value): should be \(expectation.text)")
        }
    }
}
