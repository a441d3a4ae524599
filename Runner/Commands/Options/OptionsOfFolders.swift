import HTTP
import Wire

/// The options for the functions to serve and their folder.
enum OptionsOfFolders {
    static let all: [Option] =
        functions.of(.serve, .invoke, .routes, .replay, .doctor, .eval, .backup, .restore)
        + selection.of(.serve, .invoke, .routes, .replay, .doctor, .backup, .restore)
        + variables.of(.serve, .invoke, .routes, .replay, .doctor, .eval, .backup, .restore) + start.of(.serve)

    private static let functions: [Option] = [
        Option(
            name: "functions", placeholder: "FOLDER", variable: "FUNCTIONS_DIR",
            defaultText: "functions, beside the runner's folder",
            help: "Serve the executables in this folder."
        ) { options, value in
            options.gateway.functionsFolder = value
            return nil
        }
    ]

    private static let selection: [Option] = [
        Option(
            name: "function", placeholder: "NAME", variable: "RUNNER_FUNCTION", defaultText: "all",
            help:
                "Serve only this function of the folder. Can be repeated, or be a list separated by commas."
        ) { options, value in
            let names = value.split(separator: ",").map(String.init)
            guard !names.isEmpty, names.allSatisfy({ !$0.contains("/") }) else {
                return Option.Expectation(text: "the name of a function, such as health")
            }
            options.gateway.functionNames += names
            return nil
        },
        Option(
            name: "base-path", placeholder: "PATH", variable: "BASE_PATH", defaultText: "/api/v1",
            help: "The prefix of every path."
        ) { options, value in
            guard let path = value.isEmpty ? "" : BasePath.parse(value) else {
                return Option.Expectation(text: BasePath.expectation)
            }
            options.gateway.basePath = path
            return nil
        },
    ]

    private static let variables: [Option] = [
        Option(
            name: "env", placeholder: "NAME", variable: nil, defaultText: "none",
            help: "Also pass this variable to the functions. Can be repeated."
        ) { options, value in
            options.passedVariables.append(value)
            return nil
        }
    ]

    private static let start: [Option] = [
        Option.flag(
            "init", nil, \.beginsInstallation, true,
            "Begin a new installation if the data of the previous one is gone. Existing data is kept.")
    ]
}
