import Platform
import Wire

/// The options of the commands other than `serve`.
enum OptionsOfCommands {
    static let all: [Option] = data + json + invoke + replay + logs + backup

    private static let data = [
        Option.text(
            "data", "FOLDER", defaultText: "DATA_DIR; for replay a folder of its own",
            "Where the functions keep their data for this time."
        ) { $0.dataOverride = $1 }
    ].of(.invoke, .replay, .doctor, .backup, .restore)

    private static let json = [
        Option.flag("json", nil, \.printsJSON, true, "Print JSON, for programs.")
    ].of(.routes, .doctor, .backup, .restore)

    private static let invoke = [
        Option.text("event", "FILE", "Read the envelope from this file; - is stdin.") { $0.invoke.event = $1 },
        pair(
            "path-param", \.invoke.pathParameters,
            "A parameter of the path, such as workspaceId=ws_…; may be given several times.", separator: "="),
        pair("query", \.invoke.query, "A parameter of the query; may be given several times.", separator: "="),
        pair(
            "header", \.invoke.headers,
            "A header field, such as 'authorization: Bearer …'; may be given several times.", separator: ":"),
        Option.text("body", "TEXT", "The body.") { $0.invoke.body = $1 },
        Option.flag("raw", nil, \.invoke.isRaw, true, "Print the answer as the function wrote it on a terminal too."),
    ].of(.invoke)

    private static let replay = [
        Option.text("ignore", "PATH", "Let answers differ at this path or name; may be given several times.") {
            $0.replay.ignored.append($1)
        }
    ].of(.replay)

    private static let logs = [
        Option.text("function", "NAME", "Only lines of this function.") { $0.logs.function = $1 },
        Option.text("request", "ID", "Only lines of the request with this id.") { $0.logs.request = $1 },
        Option(
            name: "level", placeholder: "LEVEL", variable: nil, defaultText: "info",
            help: "Only lines that matter at least so much: info, warning or error."
        ) { options, value in
            guard let level = LogLine.Level(rawValue: value) else {
                return Option.Expectation(text: "info, warning or error")
            }
            options.logs.level = level
            return nil
        },
        Option.flag(
            "follow", nil, \.logs.follows, true, "Wait for further lines at the end of the file, until SIGINT."),
    ].of(.logs)

    private static let backup =
        [
            Option.flag(
                "incremental", nil, \.backup.isIncremental, true,
                "Renew the backup that FOLDER holds: files that it has are read, and not copied again."),
            Option.flag("verify", nil, \.backup.verifies, true, "Check a backup, and make none."),
        ].of(.backup)
        + [
            Option.flag(
                "force", nil, \.backup.replaces, true,
                "Where the data folder holds something already, put that aside, under a name that is printed.")
        ].of(.restore)

    /// `name=value`, or `name: value`.
    private static func pair(
        _ name: String, _ property: WritableKeyPath<Options, Options.Invoke.Pairs> & Sendable, _ help: String,
        separator: Character
    ) -> Option {
        Option(name: name, placeholder: "NAME\(separator)VALUE", variable: nil, defaultText: "none", help: help) {
            options, value in
            guard let mark = value.firstIndex(where: { $0 == separator || $0 == "=" }), mark > value.startIndex
            else { return Option.Expectation(text: "NAME\(separator)VALUE") }
            options[keyPath: property].append(
                (String(value[..<mark]).trimmed, String(value[mark...].dropFirst()).trimmed))
            return nil
        }
    }
}
