import Wire

/// The texts of `runner --help` and `--version`.
enum Help {
    static let version = "runner \(Program.version)\n"

    /// Made from the table of options, so that none is forgotten.
    static var text: String {
        var text = """
            NAME
                runner - serves a folder of functions over HTTP

            SYNOPSIS
                runner [serve] [OPTION...]
                runner routes [OPTION...]
                runner --help | --version

            DESCRIPTION
                A function is an executable that reads one request a line from stdin, in the form of
                API Gateway's HTTP API payload 2.0, and writes one answer a line to stdout. The runner
                asks each executable of a folder with --describe what it serves, listens for HTTP/1.1,
                and keeps processes of the functions warm: each takes one request at a time, and more
                are started as requests need them.

                serve       Serve until SIGTERM or SIGINT. This is what happens without a command.
                routes      Print the routes and the functions that serve them.

            OPTIONS
                Each can be given on the command line or in the environment; the command line wins.


            """
        for option in Option.all {
            text += "    --\(option.name)\(option.placeholder.map { " " + $0 } ?? "")\n"
            for line in wrapped(option.help) { text += "        \(line)\n" }
            let variable = option.variable.map { "Environment: \($0). " } ?? ""
            text += "        \(variable)Default: \(option.defaultText).\n\n"
        }
        return text + ending
    }

    private static let ending = """
        ENVIRONMENT
            The file .env in the working directory completes the environment: KEY=VALUE lines, with
            comments, quotes and a leading export understood. Real variables win over it.

            FUNCTIONS_CUSTOMHANDLER_PORT, which Azure Functions sets, means the same as PORT and wins over it.
            Knative and Cloud Run set PORT; they also need HOST=0.0.0.0.

            DATA_DIR says where the functions keep their data (default ./data); they are given it as
            an absolute path. Functions do not see the runner's environment but for PATH, HOME,
            LANG, LC_ALL, TZ, TMPDIR, the variables that they understand (DATA_DIR, JWT_SECRET,
            REGISTRATION, ACCESS_TOKEN_TTL, REFRESH_TOKEN_TTL, TRUSTED_PROXIES, CORS_ORIGINS,
            HTTPS_PROXY, NO_PROXY, and all that begin with MAX_, RATE_LIMIT_, LLM_, EMBEDDING_,
            WEBHOOK_, LOG_, SEARCH_ or CHAT_), and what --env names.

        EXIT STATUS
            0       Ended by a signal, every request finished.
            1       The address could not be taken.
            64      Wrong use of the command line.
            78      Wrong configuration: a variable, .env, or the folder of functions.
            128+N   Ended at once by a second signal N.

        """

    /// Lines of at most 80 characters, broken between words.
    private static func wrapped(_ text: String) -> [String] {
        var lines: [String] = [""]
        for word in text.split(separator: " ") {
            let line = lines[lines.count - 1]
            if line.isEmpty {
                lines[lines.count - 1] = String(word)
            } else if line.count + word.count < 80 {
                lines[lines.count - 1] += " \(word)"
            } else {
                lines.append(String(word))
            }
        }
        return lines
    }
}
