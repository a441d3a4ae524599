import Wire

/// The manuals: of the runner, and of each command.
enum Help {
    static let version = "runner \(Program.version)\n"

    /// Made from the tables of commands and options, so that none is forgotten.
    static var text: String {
        var text = """
            NAME
                runner - serves a folder of functions over HTTP

            SYNOPSIS
                runner [COMMAND] [OPTION...]
                runner help COMMAND
                runner --help | --version

            DESCRIPTION
                A function is an executable that reads one request a line from stdin, in the form of
                API Gateway's HTTP API payload 2.0, and writes one answer a line to stdout. The runner
                puts HTTP in front of a folder of them, calls them without it, and looks after them.

            COMMANDS

            """
        for command in Command.all { text += entry(command.name.rawValue, command.summary) }
        text += "\nOPTIONS OF SERVE\n" + optionIntroduction + options(of: .serve)
        return text + environment + exitStatus(Command.named(.serve))
    }

    static func text(for command: Command) -> String {
        var text =
            "NAME\n    runner \(command.name.rawValue) - \(uncapitalised(command.summary))\n\nSYNOPSIS\n    \(command.synopsis)\n"
        if !command.description.isEmpty { text += "\nDESCRIPTION\n" }
        text += command.description.map { paragraph($0, indentation: 4) }.joined(separator: "\n")
        text += "\nOPTIONS\n" + optionIntroduction + options(of: command.name)
        text += "EXAMPLES\n" + command.examples.map { "    \($0)\n" }.joined() + "\n"
        if command.name == .serve { text += environment }
        return text + exitStatus(command)
    }

    private static let optionIntroduction =
        paragraph(
            "Those with a variable can be given in the environment too; the command line wins.", indentation: 4) + "\n"

    private static func options(of name: Command.Name) -> String {
        var text = ""
        for option in Option.all where option.commands.contains(name) {
            text += "    --\(option.name)\(option.placeholder.map { " " + $0 } ?? "")\n"
            text += paragraph(option.help, indentation: 8)
            let variable = option.variable.map { "Environment: \($0). " } ?? ""
            text += "        \(variable)Default: \(option.defaultText).\n\n"
        }
        return text
    }

    private static func exitStatus(_ command: Command) -> String {
        "EXIT STATUS\n" + command.exitStatus.map { entry($0.code, $0.meaning) }.joined()
    }

    private static func entry(_ term: String, _ text: String) -> String {
        let column = 12
        let lines = wrapped(text, width: 76)
        let head = "    " + term + String(repeating: " ", count: max(1, column - 4 - term.count))
        return head + lines.joined(separator: "\n" + String(repeating: " ", count: column)) + "\n"
    }

    private static var environment: String {
        let names = (ChildEnvironment.commonNames + ["BASE_PATH"]).joined(separator: ", ")
        let understood = ChildEnvironment.names.joined(separator: ", ")
        let prefixes = ChildEnvironment.prefixes.joined(separator: ", ")
        return files
            + paragraph(
                "DATA_DIR says where the functions keep their data (default ./data); they are given it as an absolute "
                    + "path. Of the runner's environment functions see \(names), the variables that they understand "
                    + "(\(understood), and all that begin with one of \(prefixes)), and what --env names.",
                indentation: 4)
            + "\n"
    }

    private static let files = """
        ENVIRONMENT
            The file .env in the working directory completes the environment: KEY=VALUE lines, with
            comments, quotes and a leading export understood. Real variables win over it.

            FUNCTIONS_CUSTOMHANDLER_PORT, which Azure Functions sets, means the same as PORT and wins
            over it. Knative and Cloud Run set PORT; they also need HOST=0.0.0.0.


        """

    // MARK: Text

    private static func paragraph(_ text: String, indentation: Int) -> String {
        let blanks = String(repeating: " ", count: indentation)
        return wrapped(text, width: 88 - indentation).map { blanks + $0 + "\n" }.joined()
    }

    private static func uncapitalised(_ text: String) -> String {
        let words = text.split(separator: ".").first.map(String.init) ?? text
        return words.prefix(1).lowercased() + words.dropFirst()
    }

    /// Lines of at most so many characters, broken between words.
    private static func wrapped(_ text: String, width: Int) -> [String] {
        var lines: [String] = [""]
        for word in text.split(separator: " ") {
            let line = lines[lines.count - 1]
            if line.isEmpty {
                lines[lines.count - 1] = String(word)
            } else if line.count + word.count < width {
                lines[lines.count - 1] += " \(word)"
            } else {
                lines.append(String(word))
            }
        }
        return lines
    }
}
