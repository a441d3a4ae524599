import HTTP
import Wire

/// The options that say which functions are served, and from where.
enum OptionsOfFolders {
    static let all: [Option] =
        functions.of(.serve, .invoke, .routes, .replay, .doctor, .backup, .restore) + start.of(.serve)

    private static let functions: [Option] = [
        Option(
            name: "functions", placeholder: "FOLDER", variable: "FUNCTIONS_DIR",
            defaultText: "functions, beside the folder of the runner",
            help: "Serve the executables of this folder."
        ) { options, value in
            options.functionsFolder = value
            return nil
        },
        Option(
            name: "function", placeholder: "NAME", variable: "RUNNER_FUNCTION", defaultText: "all",
            help:
                "Serve this function of the folder alone; several may be given, each on its own or separated by commas."
        ) { options, value in
            let names = value.split(separator: ",").map(String.init)
            guard !names.isEmpty, names.allSatisfy({ !$0.contains("/") }) else {
                return Option.Expectation(text: "the name of a function, such as health")
            }
            options.functionNames += names
            return nil
        },
        Option(
            name: "base-path", placeholder: "PATH", variable: "BASE_PATH", defaultText: "/api/v1",
            help: "What every path begins with."
        ) { options, value in
            guard let path = value.isEmpty ? "" : BasePath.parse(value) else {
                return Option.Expectation(text: BasePath.expectation)
            }
            options.basePath = path
            return nil
        },
        Option(
            name: "env", placeholder: "NAME", variable: nil, defaultText: "none",
            help: "Pass this variable on to the functions too; may be given several times."
        ) { options, value in
            options.passedVariables.append(value)
            return nil
        },
    ]

    private static let start: [Option] = [
        Option.flag(
            "init", nil, \.beginsInstallation, true,
            "Begin a new installation where the data of the one before is gone; data that is there stays.")
    ]
}
