/// One command of the runner: the single source of its manual. Its options are those of the table
/// (`OptionTable.swift`) that name it.
struct Command: Sendable {
    enum Name: String, CaseIterable, Sendable { case serve, invoke, routes, replay, logs, doctor, backup, restore }

    let name: Name
    let synopsis: String
    /// One line.
    let summary: String
    /// Paragraphs.
    let description: [String]
    var operand: String?
    let examples: [String]
    let exitStatus: [(code: String, meaning: String)]

    static func named(_ name: Name) -> Command { all.first { $0.name == name } ?? serve }

    static let all: [Command] = [serve, invoke, routes, replay, logs, doctor, backup, restore]

    private static let serve = Command(
        name: .serve, synopsis: "runner [serve] [OPTION...]",
        summary: "Serve the functions until SIGTERM or SIGINT. This is what happens without a command.",
        description: [
            """
            Asks each executable of the folder with --describe what it serves, listens for HTTP/1.1, and keeps \
            processes of the functions warm: each takes one request at a time, and more are started as requests need them.
            """,
            """
            http://localhost:PORT/_runner shows the requests as they come, each with what the function was given, what it \
            answered and what it wrote to stderr; it sends them again, changed or not, and writes them as commands. It \
            answers this machine only, the user who runs the gateway, and no proxy. Secrets are masked unless asked for. \
            /_runner/metrics has the counters for Prometheus.
            """,
            """
            --record writes every request and answer into a file, for runner replay. Passwords, tokens and keys are \
            replaced by others of the same form unless --record-secrets is given; everything else that people send is \
            kept, so treat the file as what it is.
            """,
        ],
        examples: [
            "runner", "runner serve --port 8080 --record session.ndjson", "PORT=0 runner --quiet --port-file port",
        ],
        exitStatus: [
            ("0", "Ended by a signal, every request finished."),
            ("1", "The address could not be taken, or a file not be written."),
            ("64", "Wrong use of the command line."),
            ("78", "Wrong configuration: a variable, .env, or the folder of functions."),
            ("128+N", "Ended at once by a second signal N."),
        ])

    private static let invoke = Command(
        name: .invoke, synopsis: "runner invoke NAME [OPTION...]",
        summary: "Call one function once, without HTTP.",
        description: [
            """
            Gives the function an envelope and prints its answer: pretty on a terminal, elsewhere the line as the \
            function wrote it. The envelope is read with --event, or made from the other options. What the function \
            writes to stderr goes to stderr.
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
            ("1", "It answered with another one, or not at all."),
            ("64", "Wrong use of the command line."), ("78", "Wrong configuration, or no such function."),
        ])

    private static let routes = Command(
        name: .routes, synopsis: "runner routes [OPTION...]",
        summary: "Print the routes and the functions that serve them.", description: [],
        examples: ["runner routes", "runner routes --json"],
        exitStatus: [("0", "Always, but for"), ("64, 78", "Wrong use or wrong configuration.")])

    private static let replay = Command(
        name: .replay, synopsis: "runner replay FILE [OPTION...]",
        summary: "Send a recorded session to the functions again and show what differs.",
        description: [
            """
            FILE comes from runner serve --record. Its requests are sent in the order in which they began, one after the \
            other, to the functions as they are now, with an empty data folder that is removed afterwards. So a session \
            that begins with an empty folder is a test.
            """,
            """
            What every run makes anew does not count: ids, times, tokens, durations (names that end in Ms), the prefix of \
            a key, entity tags and rate-limit headers. Where the recording's answer had one id or token and this one has \
            another, later requests that mention the first are sent with the second. Rate limits are off unless their \
            variables are set; requests that the recording saw refused by one (429) or left by their client (499) are not \
            sent. Background jobs do not run.
            """,
            "Paths are such as status, headers.location, body.data[0].name or body.data[*].score; a bare name is ignored wherever it is.",
        ],
        operand: "FILE",
        examples: [
            "runner replay session.ndjson",
            "runner replay session.ndjson --ignore score --ignore 'body.data[*].wordCount'",
        ],
        exitStatus: [
            ("0", "Everything is the same."), ("1", "Something differs, or nothing was sent."),
            ("64", "Wrong use of the command line."),
            ("66", "FILE cannot be read, or is no recording."), ("78", "Wrong configuration."),
        ])

    private static let logs = Command(
        name: .logs, synopsis: "runner logs [FILE] [OPTION...]",
        summary: "Read a log as people do.",
        description: [
            """
            Reads the JSON lines that the gateway writes with --log-file, or to a stderr that is no terminal, and prints \
            those that are wanted, in colours on a terminal. Without FILE, or with -, it reads stdin. Lines that are no \
            JSON are passed on.
            """
        ],
        operand: "[FILE]",
        examples: [
            "runner logs gateway.log --level warning", "runner logs gateway.log --follow --function login",
            "journalctl -u runner -o cat | runner logs --request 01M88AAQ18GQHPJPJTGBRT14JW",
        ],
        exitStatus: [
            ("0", "The log was read to its end."), ("64", "Wrong use of the command line."),
            ("66", "FILE cannot be read."),
        ])

    private static let doctor = Command(
        name: .doctor, synopsis: "runner doctor [OPTION...]",
        summary: "Look for what keeps the gateway from working, and say how to mend it.",
        description: [
            """
            Looks at the machine (kernel, descriptors, the programs that functions use), the data folder (writable, space, \
            file system, database, age of the last backup), the functions (each describes itself, no route twice), the configuration as the \
            functions understand it, the model provider, and whether the port is free or \
            a gateway has it already.
            """
        ],
        examples: ["runner doctor", "runner doctor --json | jq '.findings[] | select(.level != \"ok\")'"],
        exitStatus: [
            ("0", "Nothing keeps the gateway from working; there may be warnings."), ("1", "Something does."),
            ("64", "Wrong use of the command line."), ("78", "A variable of the runner cannot be understood."),
        ])
}

/// Finds what somebody may have meant.
enum Spelling {
    /// The nearest candidate, if it is near.
    static func nearest(to word: String, among candidates: [String]) -> String? {
        let measured = candidates.map { (candidate: $0, distance: distance(Array(word.utf8), Array($0.utf8))) }
        guard let best = measured.min(by: { $0.distance < $1.distance }),
            best.distance <= max(1, min(3, word.utf8.count / 2))
        else { return nil }
        return best.candidate
    }

    /// The end of a complaint; nil when nothing is near.
    static func hint(_ word: String, among candidates: [String], prefix: String = "") -> String? {
        nearest(to: word, among: candidates).map { "; did you mean \(prefix)\($0)?" }
    }

    /// Levenshtein's: insertions, deletions and replacements.
    private static func distance(_ left: [UInt8], _ right: [UInt8]) -> Int {
        var row = Array(0...right.count)
        for (index, byte) in left.enumerated() {
            var diagonal = row[0]
            row[0] = index + 1
            for column in right.indices {
                let replaced = diagonal + (byte == right[column] ? 0 : 1)
                diagonal = row[column + 1]
                row[column + 1] = min(replaced, row[column] + 1, diagonal + 1)
            }
        }
        return row[right.count]
    }
}
