import Wire

/// Reports what `health` says about the built-in embedding model.
enum BuiltInModelCheck {
    private static let area = "model"
    private static let failure = "The embedding model cannot be used"

    /// Whether a line of the log says why it cannot be used.
    static func isCause(_ line: JSON) -> Bool { line["message"]?.string == failure }

    /// - Parameters:
    ///   - checks: the checks of `health`.
    ///   - log: the lines of its log.
    /// - Returns: nil if another model is used.
    static func finding(_ checks: JSON, _ log: [JSON]) -> Finding? {
        let check = checks["embedding"] ?? .null, status = check["status"]?.string
        if status == "off" { return .ok(area, "Every search is a keyword search (EMBEDDING=off)") }
        guard check["provider"]?.string == "built-in" else { return nil }
        let model = check["model"]?.string ?? "unknown"
        switch status {
        case "ok":
            let kernel = check["kernel"]?.string ?? "unknown"
            return .ok(area, "The embedding model \(model) runs with the kernels \(kernel)")
        case "missing":
            return .warning(
                area, "The embedding model \(model) is missing, so every search is a keyword search",
                cure: "Fetch it (make model), set EMBEDDING_MODEL_FILE to its file, or do without it (EMBEDDING=off).")
        default:
            let cause = log.first(where: isCause)?["cause"]?.string
            return .warning(
                area, "\(failure)\(cause.map { ": \($0)" } ?? "")",
                cure: "Remove the file and fetch it again (make model), or correct EMBEDDING_MODEL_FILE.")
        }
    }
}
