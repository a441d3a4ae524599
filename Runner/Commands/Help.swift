import Gateway

/// The help texts: of the runner, and of each command.
package enum Help {
    package static let version = "runner \(runnerVersion)\n"

    /// Made from the tables of commands and options, so that it is always complete.
    package static var text: String {
        var text = """
            NAME
                runner - serves a folder of functions over HTTP

            SYNOPSIS
                runner [COMMAND] [OPTION...]
                runner help COMMAND
                runner --help | --version

            DESCRIPTION
                A function is an executable that reads one request per line from stdin, in the format
                of API Gateway HTTP API payload 2.0, and writes one response per line to stdout. The
                runner serves a folder of functions over HTTP, calls them directly, and helps to
                operate them.

            COMMANDS

            """
        for manual in Manual.all { text += entry(manual.command.rawValue, manual.summary) }
        text += "\nOPTIONS OF SERVE\n" + optionIntroduction + options(of: .serve)
        return text + environment + exitStatus(.of(.serve))
    }

    package static func text(for command: Manual.Command) -> String {
        let manual = Manual.of(command)
        var text =
            "NAME\n    runner \(command.rawValue) - \(uncapitalised(manual.summary))\n\nSYNOPSIS\n    \(manual.synopsis)\n"
        if !manual.description.isEmpty { text += "\nDESCRIPTION\n" }
        text += manual.description.map { paragraph($0, indentation: 4) }.joined(separator: "\n")
        text += "\nOPTIONS\n" + optionIntroduction + options(of: command)
        text += "EXAMPLES\n" + manual.examples.map { "    \($0)\n" }.joined() + "\n"
        if command == .serve { text += environment }
        return text + exitStatus(manual)
    }

    private static let optionIntroduction =
        paragraph(
            "Options with a variable can also be set in the environment; the command line wins.", indentation: 4) + "\n"

    private static func options(of command: Manual.Command) -> String {
        var text = ""
        for option in Option.all where option.commands.contains(command) {
            text += "    --\(option.name)\(option.placeholder.map { " " + $0 } ?? "")\n"
            text += paragraph(option.help, indentation: 8)
            let variable = option.variable.map { "Environment: \($0). " } ?? ""
            text += "        \(variable)Default: \(option.defaultText).\n\n"
        }
        return text
    }

    private static func exitStatus(_ manual: Manual) -> String {
        "EXIT STATUS\n" + manual.exitStatus.map { entry($0.code, $0.meaning) }.joined()
    }

    private static func entry(_ term: String, _ text: String) -> String {
        let column = 12
        let lines = wrapped(text, width: 76)
        let head = "    " + term + String(repeating: " ", count: max(1, column - 4 - term.count))
        return head + lines.joined(separator: "\n" + String(repeating: " ", count: column)) + "\n"
    }

    private static var environment: String {
        let names = (ChildEnvironment.commonNames + ["BASE_PATH"]).joined(separator: ", ")
        let own = ChildEnvironment.names.joined(separator: ", ")
        let prefixes = ChildEnvironment.prefixes.joined(separator: ", ")
        return files
            + paragraph(
                "DATA_DIR is the functions' data folder (default ./data); functions receive it as an absolute path. From "
                    + "the runner's environment, functions receive \(names), their own variables (\(own), and all "
                    + "that begin with \(prefixes)), and those named with --env.",
                indentation: 4)
            + "\n"
    }

    private static let files = """
        ENVIRONMENT
            The file .env in the working directory completes the environment. It has KEY=VALUE lines,
            and may have comments, quotes and a leading export. Real variables win over it.

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

    /// Lines of at most `width` characters, broken between words.
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
