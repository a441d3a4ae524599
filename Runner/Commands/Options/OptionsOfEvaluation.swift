import Wire

/// The options of `eval`.
enum OptionsOfEvaluation {
    private static let modes = ["keyword", "hybrid", "semantic"]

    static let all: [Option] = [
        Option(
            name: "limit", placeholder: "NUMBER", variable: nil, defaultText: "all",
            help: "Ask at most this many questions of each collection. All documents are uploaded."
        ) { options, value in
            guard let number = Int(value), number > 0 else { return Option.Expectation(text: "a number from 1") }
            options.evaluation.limit = number
            return nil
        },
        Option(
            name: "modes", placeholder: "MODES", variable: nil, defaultText: "keyword",
            help: "How to search: keyword, hybrid, semantic, or a list separated by commas."
        ) { options, value in
            let wanted = value.split(atByte: ",", omittingEmptySubsequences: false).map(String.init)
            guard wanted.allSatisfy(modes.contains), Set(wanted).count == wanted.count else {
                return Option.Expectation(text: "keyword, hybrid or semantic, or several of them separated by commas")
            }
            options.evaluation.modes = wanted
            return nil
        },
        Option.flag("search-only", nil, \.evaluation.searchesOnly, true, "Do not ask for answers."),
        Option.text("keep", "FOLDER", "Put the data into this new folder, and keep it.") {
            $0.evaluation.kept = $1
        },
    ].of(.eval)
}
