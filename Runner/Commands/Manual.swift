/// The manual of a command. Its options are those of the table (`OptionTable.swift`) that name the command.
package struct Manual: Sendable {
    package enum Command: String, CaseIterable, Sendable {
        case serve, invoke, routes, replay, logs, doctor, eval, backup, restore
    }

    let command: Command
    let synopsis: String
    /// One line.
    let summary: String
    /// Paragraphs.
    let description: [String]
    var operand: String?
    let examples: [String]
    let exitStatus: [(code: String, meaning: String)]

    static func of(_ command: Command) -> Manual { all.first { $0.command == command } ?? serve }

    static let all: [Manual] = [serve, invoke, routes, replay, logs, doctor, eval, backup, restore]

    private static let serve = Manual(
        command: .serve, synopsis: "runner [serve] [OPTION...]",
        summary: "Serve the functions until SIGTERM or SIGINT. This is the default command.",
        description: [
            """
            Runs each executable in the folder with --describe to learn its route, listens for HTTP/1.1, and keeps \
            processes of the functions warm. Each process handles one request at a time, and more are started as needed.
            """,
            """
            http://localhost:PORT/_runner shows requests live, each with the function's input, response and stderr. It can \
            send a request again, edited or not, and print it as a shell command. It is available only on this machine, to \
            the user who runs the gateway, and not through a proxy. Secrets are masked unless you ask for them. \
            /_runner/metrics has counters for Prometheus.
            """,
            """
            --record writes every request and response to a file for runner replay. Passwords, tokens and keys are replaced \
            by values of the same form unless --record-secrets is given. Everything else that users send is kept, so treat \
            the file as confidential.
            """,
        ],
        examples: [
            "runner", "runner serve --port 8080 --record session.ndjson", "PORT=0 runner --quiet --port-file port",
        ],
        exitStatus: [
            ("0", "Ended by a signal after all requests were finished."),
            ("1", "The address could not be used, or a file could not be written."),
            ("64", "Invalid command line."),
            ("78", "Invalid configuration: a variable, .env, or the folder of functions."),
            ("128+N", "Ended at once by a second signal N."),
        ])

    private static let invoke = Manual(
        command: .invoke, synopsis: "runner invoke NAME [OPTION...]",
        summary: "Call one function once, without HTTP.",
        description: [
            """
            Passes an envelope to the function and prints its response: formatted on a terminal, otherwise the line as the \
            function wrote it. The envelope is read with --event, or made from the other options. The function's stderr \
            goes to stderr.
            """
        ],
        operand: "NAME",
        examples: [
            "runner invoke health",
            "runner invoke list-workspaces --query limit=2 --header \"authorization: Bearer $TOKEN\"",
            "runner invoke login --body '{\"email\": \"ada@example.com\", \"password\": \"correct horse\"}'",
            "runner invoke get-workspace --event envelope.json",
        ],
        exitStatus: [
            ("0", "The function answered with a status below 400."),
            ("1", "It answered with another status, or not at all."),
            ("64", "Invalid command line."), ("78", "Invalid configuration, or no such function."),
        ])

    private static let routes = Manual(
        command: .routes, synopsis: "runner routes [OPTION...]",
        summary: "Print the routes and the functions that serve them.", description: [],
        examples: ["runner routes", "runner routes --json"],
        exitStatus: [
            ("0", "The routes were printed."), ("64", "Invalid command line."), ("78", "Invalid configuration."),
        ])

    private static let replay = Manual(
        command: .replay, synopsis: "runner replay FILE [OPTION...]",
        summary: "Send a recorded session to the functions again and show the differences.",
        description: [
            """
            FILE comes from runner serve --record. Its requests are sent one after the other, in the order in which they \
            began, to the current functions, with an empty data folder that is removed afterwards. So a session that was \
            recorded on an empty folder is a test.
            """,
            """
            Values that every run generates are not compared: ids, times, tokens, durations (names that end in Ms), the \
            prefix of a key, entity tags and rate-limit headers. If the recorded response had an id or token and the new \
            one has another, later requests are sent with the new one. Rate limits are off unless their variables are set. \
            Requests that were refused by a rate limit (429) or left by their client (499) are not sent. Background jobs \
            do not run.
            """,
            "Paths look like status, headers.location, body.data[0].name or body.data[*].score. A bare name is ignored everywhere.",
        ],
        operand: "FILE",
        examples: [
            "runner replay session.ndjson",
            "runner replay session.ndjson --ignore score --ignore 'body.data[*].wordCount'",
        ],
        exitStatus: [
            ("0", "All responses are the same."), ("1", "Something differs, or nothing was sent."),
            ("64", "Invalid command line."),
            ("66", "FILE cannot be read, or is not a recording."), ("78", "Invalid configuration."),
        ])

    private static let logs = Manual(
        command: .logs, synopsis: "runner logs [FILE] [OPTION...]",
        summary: "Show a log in a readable form.",
        description: [
            """
            Reads the JSON lines that the gateway writes with --log-file, or to a stderr that is not a terminal, and prints \
            the selected ones, with colours on a terminal. Without FILE, or with -, it reads stdin. Lines that are not JSON \
            are printed as they are.
            """
        ],
        operand: "[FILE]",
        examples: [
            "runner logs gateway.log --level warning", "runner logs gateway.log --follow --function login",
            "journalctl -u runner -o cat | runner logs --request 01M88AAQ18GQHPJPJTGBRT14JW",
        ],
        exitStatus: [
            ("0", "The log was read to its end."), ("64", "Invalid command line."),
            ("66", "FILE cannot be read."),
        ])

    private static let doctor = Manual(
        command: .doctor, synopsis: "runner doctor [OPTION...]",
        summary: "Find out why the gateway does not work, and how to fix it.",
        description: [
            """
            Checks the machine (kernel, descriptors, programs that functions use), the data folder (writable, space, file \
            system, database, age of the last backup), the functions (each describes itself, no route twice), the \
            configuration, the model provider, and whether the port is free or in use by a gateway.
            """
        ],
        examples: ["runner doctor", "runner doctor --json | jq '.findings[] | select(.level != \"ok\")'"],
        exitStatus: [
            ("0", "The gateway can work; there may be warnings."), ("1", "A check failed."),
            ("64", "Invalid command line."), ("78", "A variable of the runner is invalid."),
        ])
}
