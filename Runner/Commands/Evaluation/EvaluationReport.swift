import Wire

/// The results of all collections, as a table or as JSON.
struct EvaluationReport {
    private let results: [EvaluationResult]

    init(_ results: [EvaluationResult]) { self.results = results }

    // MARK: JSON

    var json: JSON { ["collections": .array(results.map(Self.json))] }

    private static func json(_ result: EvaluationResult) -> JSON {
        var object: JSONObject = [
            "name": .string(result.name), "documents": .int(Int64(result.documents)),
            "skipped": .int(Int64(result.skipped)), "uploadSeconds": number(result.uploadSeconds),
            "missingModes": .array(result.missingModes.map { .string($0) }),
            "search": .array(result.searches.map(json)),
        ]
        object["chat"] = result.chat.map(json) ?? .null
        return .object(object)
    }

    private static func json(_ search: EvaluationResult.Search) -> JSON {
        [
            "mode": .string(search.mode), "queries": .int(Int64(search.reciprocalRank.count)),
            "ndcg10": number(search.nDCG.value), "recall100": number(search.recall.value),
            "mrr10": number(search.reciprocalRank.value), "r1": number(search.first.value),
            "r5": number(search.firstFive.value), "p50Ms": number(search.times.milliseconds(within: 0.5)),
            "p95Ms": number(search.times.milliseconds(within: 0.95)), "partial": .int(Int64(search.partial)),
            "errors": .int(Int64(search.failures.count)),
        ]
    }

    private static func json(_ chat: EvaluationResult.Chat) -> JSON {
        [
            "questions": .int(Int64(chat.answered.count)), "answered": number(chat.answered.value),
            "gold": number(chat.golds.value), "firstSource": number(chat.firstSource.value),
            "words": number(chat.words.value), "unanswerable": .int(Int64(chat.refused.count)),
            "refused": number(chat.refused.value), "p50Ms": number(chat.times.milliseconds(within: 0.5)),
            "p95Ms": number(chat.times.milliseconds(within: 0.95)), "errors": .int(Int64(chat.failures.count)),
        ]
    }

    /// With four decimals; null for nil.
    private static func number(_ value: Double?) -> JSON {
        value.map { .double(($0 * 10_000).rounded() / 10_000) } ?? .null
    }

    // MARK: Table

    var table: String {
        let searches = results.flatMap { result in
            result.searches.map { search in
                [
                    result.name, search.mode, String(search.reciprocalRank.count),
                    Self.share(search.nDCG.value), Self.share(search.recall.value),
                    Self.share(search.reciprocalRank.value), Self.share(search.first.value),
                    Self.share(search.firstFive.value), Self.fixed(search.times.milliseconds(within: 0.5), 2),
                    Self.fixed(search.times.milliseconds(within: 0.95), 2),
                ]
            }
        }
        let chats = results.compactMap { result in
            result.chat.map { chat in
                [
                    result.name, String(chat.answered.count), Self.share(chat.answered.value),
                    Self.share(chat.golds.value), Self.share(chat.firstSource.value), Self.fixed(chat.words.value, 1),
                    String(chat.refused.count), Self.share(chat.refused.value),
                    Self.fixed(chat.times.milliseconds(within: 0.5), 2),
                    Self.fixed(chat.times.milliseconds(within: 0.95), 2),
                ]
            }
        }
        let parts = [
            Self.aligned(
                ["SEARCH", "mode", "queries", "nDCG@10", "recall@100", "MRR@10", "r1", "r5", "p50 ms", "p95 ms"],
                searches),
            Self.aligned(
                [
                    "CHAT", "questions", "answered", "gold", "first source", "words", "unanswerable", "refused",
                    "p50 ms",
                    "p95 ms",
                ], chats),
        ]
        return parts.filter { !$0.isEmpty }.joined(separator: "\n")
    }

    /// Lines of columns: the first one to the left, the others to the right. Empty without rows.
    private static func aligned(_ header: [String], _ rows: [[String]]) -> String {
        guard !rows.isEmpty else { return "" }
        let lines = [header] + rows
        let widths = header.indices.map { column in lines.map { $0[column].unicodeScalars.count }.max() ?? 0 }
        return lines.map { line in
            let cells = line.enumerated().map { column, cell in
                let padding = String(repeating: " ", count: widths[column] - cell.unicodeScalars.count)
                return column == 0 ? cell + padding : padding + cell
            }
            return cells.joined(separator: "  ") + "\n"
        }.joined()
    }

    /// A number from 0 to 1 with three decimals: `.945`.
    private static func share(_ value: Double?) -> String {
        let text = fixed(value, 3)
        return text.without(prefix: "0").map(String.init) ?? text
    }

    private static func fixed(_ value: Double?, _ decimals: Int) -> String {
        guard let value else { return "-" }
        var unit = 1
        for _ in 0..<decimals { unit *= 10 }
        let scaled = Int((value * Double(unit)).rounded())
        let fraction = String(scaled % unit)
        return "\(scaled / unit)." + String(repeating: "0", count: decimals - fraction.utf8.count) + fraction
    }
}
