import Wire

/// Reports what `health` says about a model that another server runs.
struct RemoteModelCheck {
    /// The name of its check in `health`.
    let name: String
    /// As `health` calls it in its log.
    let subject: String
    let variable: String
    /// What happens while it does not respond.
    let consequence: String
    /// What is used without the variable, for models that are always checked.
    let alternative: String?

    static let all = [
        RemoteModelCheck(
            name: "llm", subject: "language model", variable: "LLM_BASE_URL", consequence: "chats get a 503",
            alternative: "The built-in answerer is used; set LLM_BASE_URL to use a model"),
        RemoteModelCheck(
            name: "embedding", subject: "embedding model", variable: "EMBEDDING_BASE_URL",
            consequence: "searches find words, not meaning, and new documents wait for their vectors",
            alternative: nil),
        RemoteModelCheck(
            name: "reranker", subject: "reranker", variable: "RERANK_BASE_URL",
            consequence: "search results are not reranked", alternative: nil),
    ]

    /// Whether a line of the log says why such a model does not respond.
    static func isCause(_ line: JSON) -> Bool { all.contains { $0.isCause(line) } }

    private func isCause(_ line: JSON) -> Bool { line["message"]?.string == "The \(subject) does not respond" }

    /// - Parameters:
    ///   - checks: the checks of `health`.
    ///   - log: the lines of its log.
    /// - Returns: nil if the model is not remote.
    func finding(_ checks: JSON, _ log: [JSON], _ environment: [String: String]) -> Finding? {
        guard let check = checks[name], let provider = check["provider"]?.string,
            provider != "built-in" || alternative != nil
        else { return nil }
        guard check["status"]?.string == "ok" else {
            let cause = log.first(where: isCause)?["cause"]?.string
            let url = environment[variable] ?? ""
            return .warning(
                "model", "The \(subject)'s provider does not answer\(cause.map { ": \($0)" } ?? "")",
                cure:
                    "Check that \(variable) (\(url)) is right and its server runs: curl \(url)/models. Until then, \(consequence)."
            )
        }
        if let alternative, provider == "built-in" { return .ok("model", alternative) }
        return .ok("model", "The \(subject)'s provider (\(provider)) answers")
    }
}
