extension Options {
    /// Reads the options from the environment and then from the command line, which wins.
    ///
    /// - Parameter arguments: without the program's name and the command.
    package init(_ command: Manual.Command, arguments: [String], environment: [String: String]) throws(OptionError) {
        self.init()
        self.environment = environment
        // Azure Functions passes the port of a custom handler under another name.
        let port = environment["FUNCTIONS_CUSTOMHANDLER_PORT"].map { ["PORT": $0] } ?? [:]
        let environment = environment.merging(port) { _, azure in azure }
        for option in Option.all {
            guard let variable = option.variable, let value = environment[variable], !value.isEmpty else { continue }
            if let expectation = option.set(&self, value) {
                // Omit the value: it could be a secret in the wrong variable.
                throw OptionError(
                    source: .environment, description: "\(variable) should be \(expectation.text)")
            }
        }
        // The host of Azure Functions runs on the same machine and passes on the public name.
        if gateway.allowedHosts == nil, !port.isEmpty { gateway.allowedHosts = "*" }
        var rest = arguments[...]
        while let argument = rest.popFirst() {
            try take(argument, &rest, of: command)
        }
    }

    /// Reads `--name value`, `--name=value`, `--flag`, or an operand.
    private mutating func take(
        _ argument: String, _ rest: inout ArraySlice<String>, of command: Manual.Command
    ) throws(OptionError) {
        func wrong(_ reason: String) -> OptionError { OptionError(source: .commandLine, description: reason) }
        guard argument.hasPrefix("-"), argument != "-" else {
            guard Manual.of(command).operand != nil || command == .doctor
            else { throw wrong("unexpected argument \"\(argument)\"") }
            operands.append(argument)
            return
        }
        let parts = argument.drop { $0 == "-" }.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        let known = Option.of(command)
        guard argument.hasPrefix("--"), let name = parts.first, let option = known.first(where: { $0.name == name })
        else {
            let hint = Spelling.hint(String(parts.first ?? ""), among: known.map(\.name), prefix: "--")
            throw wrong("unknown option \(argument)\(hint ?? "; runner help \(command.rawValue) lists all options")")
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
