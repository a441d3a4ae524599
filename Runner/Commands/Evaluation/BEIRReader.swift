import Glibc
import Wire

/// Reads a collection in the layout of BEIR (Thakur et al. 2021): `corpus.jsonl`, `queries.jsonl`, and the judgements in
/// `qrels/test.tsv` or `qrels.tsv`.
///
/// Each document becomes a Markdown file with its title as the heading. Queries without a relevant document are left
/// out.
enum BEIRReader {
    /// The file that tells that a folder has this layout.
    static let corpus = "corpus.jsonl"

    static func read(_ folder: String) throws(EvaluationFailure) -> TestCollection {
        let nested = "\(folder)/qrels/test.tsv"
        let judged = try judgements(access(nested, F_OK) == 0 ? nested : "\(folder)/qrels.tsv")
        var documents: [TestCollection.Document] = []
        try eachRow(of: "\(folder)/\(corpus)") { id, text, row in
            let title = row["title"]?.string ?? ""
            documents.append(
                .init(
                    id: id, fileName: "\(id).md",
                    text: title.isEmpty ? "\(text)\n" : "# \(title)\n\n\(text)\n"))
        }
        var questions: [TestCollection.Question] = []
        try eachRow(of: "\(folder)/queries.jsonl") { id, text, _ in
            guard let grades = judged[id], grades.values.contains(where: { $0 > 0 }) else { return }
            questions.append(.init(text: text, wanted: .documents(grades)))
        }
        guard !documents.isEmpty, !questions.isEmpty else {
            throw .unreadable("\(folder): has no document, or no query with a relevant document")
        }
        return TestCollection(
            name: CollectionReader.name(folder), documents: documents, questions: questions, judgesDocuments: true)
    }

    /// Calls `body` with the id and the text of each line of a JSON Lines file.
    private static func eachRow(
        of path: String, _ body: (_ id: String, _ text: String, JSON) -> Void
    ) throws(EvaluationFailure) {
        try eachLine(of: path) { line throws(JSONError) in
            let row = try JSONReader.parse(line)
            // Some collections number their documents.
            guard let id = row["_id"]?.string ?? row["_id"]?.int.map(String.init) else { throw fault("has no \"_id\"") }
            guard let text = row["text"]?.string else { throw fault("has no \"text\"") }
            body(id, text, row)
        }
    }

    /// The grades of documents, by query: `query-id corpus-id score`, or TREC's `query-id 0 corpus-id score`. A first
    /// line whose score is no number is a header.
    private static func judgements(_ path: String) throws(EvaluationFailure) -> [String: [String: Double]] {
        var judged: [String: [String: Double]] = [:]
        var isFirst = true
        try eachLine(of: path) { line throws(JSONError) in
            defer { isFirst = false }
            let fields = String(decoding: line, as: UTF8.self).split(atByte: "\t").flatMap { $0.split(atByte: " ") }
            guard fields.count == 3 || fields.count == 4 else {
                throw fault("should be a query id, a document id and a score, separated by tabs")
            }
            guard let score = fields.last.flatMap({ Double($0) }), score.isFinite else {
                if isFirst { return }
                throw fault("the score \"\(fields[fields.count - 1])\" is not a number")
            }
            judged[String(fields[0]), default: [:]][String(fields[fields.count - 2])] = score
        }
        return judged
    }

    /// Calls `body` with each line that is not empty. An error names the file and the line.
    private static func eachLine(
        of path: String, _ body: (Bytes) throws(JSONError) -> Void
    ) throws(EvaluationFailure) {
        let bytes = try CollectionReader.bytes(path)
        var number = 0
        for line in bytes.split(separator: ASCII.lineFeed, omittingEmptySubsequences: false) {
            number += 1
            do throws(JSONError) {
                try line.withUnsafeBufferPointer { line throws(JSONError) in
                    let line = (line.last == UInt8(ascii: "\r") ? Bytes(rebasing: line.dropLast()) : line).trimmed
                    if !line.isEmpty { try body(line) }
                }
            } catch {
                throw .unreadable("\(path) line \(number): \(error.reason)")
            }
        }
    }

    private static func fault(_ reason: String) -> JSONError { JSONError(reason: reason, offset: 0) }
}
