import Platform
import Wire

/// The options of the commands other than `serve`.
enum OptionsOfCommands {
    static let all: [Option] = data + json + invoke + replay + logs + backup

    private static let data = [
        Option.text(
            "data", "FOLDER", defaultText: "DATA_DIR; for replay a temporary folder",
            "The data folder for this command."
        ) { $0.dataOverride = $1 }
    ].of(.invoke, .replay, .doctor, .backup, .restore)

    private static let json = [
        Option.flag("json", nil, \.printsJSON, true, "Print JSON.")
    ].of(.routes, .doctor, .eval, .backup, .restore)

    private static let invoke = [
        Option.text("event", "FILE", "Read the envelope from this file; - for stdin.") { $0.invoke.event = $1 },
        pair(
            "path-param", \.invoke.pathParameters,
            "A path parameter, such as workspaceId=ws_…. Can be repeated.", separator: "="),
        pair("query", \.invoke.query, "A query parameter. Can be repeated.", separator: "="),
        pair(
            "header", \.invoke.headers,
            "A header field, such as 'authorization: Bearer …'. Can be repeated.", separator: ":"),
        Option.text("body", "TEXT", "The body.") { $0.invoke.body = $1 },
        Option.flag(
            "raw", nil, \.invoke.isRaw, true, "Print the response as the function wrote it, even on a terminal."),
    ].of(.invoke)

    private static let replay = [
        Option.text("ignore", "PATH", "Ignore differences at this path or name. Can be repeated.") {
            $0.replay.ignored.append($1)
        }
    ].of(.replay)

    private static let logs = [
        Option.text("function", "NAME", "Show only lines of this function.") { $0.logs.function = $1 },
        Option.text("request", "ID", "Show only lines of the request with this id.") { $0.logs.request = $1 },
        Option(
            name: "level", placeholder: "LEVEL", variable: nil, defaultText: "info",
            help: "Show lines of this level and above: info, warning or error."
        ) { options, value in
            guard let level = LogLine.Level(rawValue: value) else {
                return Option.Expectation(text: "info, warning or error")
            }
            options.logs.level = level
            return nil
        },
        Option.flag(
            "follow", nil, \.logs.follows, true, "Wait for more lines at the end of the file, until SIGINT."),
    ].of(.logs)

    private static let backup =
        [
            Option.flag(
                "incremental", nil, \.backup.isIncremental, true,
                "Update the backup in FOLDER. Files that it already has are checked, not copied again."),
            Option.flag("verify", nil, \.backup.verifies, true, "Check a backup instead of making one."),
        ].of(.backup)
        + [
            Option.flag(
                "force", nil, \.backup.replaces, true,
                "If the data folder is not empty, rename it first; the new name is printed.")
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
