import Gateway
import Wire

/// An installation with the documents of a collection.
struct EvaluationSession {
    /// Documents have numbers below this, so that searches can select a part of them.
    static let parts = 5
    /// Uploads between two calls of `run-jobs`.
    private static let uploadsPerRun = 200

    let installation: EvaluationInstallation
    let questions: [TestCollection.Question]
    private let name: String
    private let ids: [String]
    /// The places in the collection of each document, by the id that the upload returned. Equal files have one id.
    private var places: [String: [Int]] = [:]

    init(
        _ collection: TestCollection, _ options: Options, in folder: String, result: inout EvaluationResult
    ) throws(EvaluationFailure) {
        installation = try EvaluationInstallation(options, in: folder)
        questions = Array(collection.questions.prefix(options.evaluation.limit ?? .max))
        name = collection.name
        ids = collection.documents.map(\.id)
        var progress = ProgressLine("\(name): uploading", of: ids.count)
        let start = Clock.now
        for (place, document) in collection.documents.enumerated() {
            progress.show(place)
            if let id = try installation.upload(document, part: place % Self.parts) {
                places[id, default: []].append(place)
            } else {
                result.skipped += 1
            }
            if place % Self.uploadsPerRun == Self.uploadsPerRun - 1 { try installation.runJobs(for: name) }
        }
        try installation.runJobs(for: name)
        progress.end()
        result.documents = ids.count - result.skipped
        result.uploadSeconds = Double(Clock.now - start) / 1e6
    }

    /// The documents of hits, each where its best passage is.
    func documentIDs(of hits: [JSON]) -> [String] {
        var seen: Set<Int> = []
        return hits.flatMap { places[$0["documentId"]?.string ?? ""] ?? [] }
            .filter { seen.insert($0).inserted }.map { ids[$0] }
    }

    /// The place of a hit's document in the collection; -1 if it has none.
    func order(of hit: JSON) -> Int { places[hit["documentId"]?.string ?? ""]?.last ?? -1 }

    /// Whether a hit is a passage of a document that contains one of some texts.
    func isRight(_ golds: [ComparedText], in document: Int) -> (JSON) -> Bool {
        { hit in
            guard places[hit["documentId"]?.string ?? ""]?.contains(document) == true else { return false }
            let content = ComparedText(hit["content"]?.string ?? "")
            return golds.contains { content.contains($0) }
        }
    }

    /// Asks every question, and calls `body` with each answer's message.
    func eachAnswer(
        _ task: String, _ chat: inout EvaluationResult.Chat?,
        _ body: (TestCollection.Question, JSON, inout EvaluationResult.Chat) -> Void
    ) throws(EvaluationFailure) {
        guard var counted = chat, let first = questions.first else { return }
        // Starts the process.
        _ = try installation.ask(first.text)
        var progress = ProgressLine("\(name): \(task)", of: questions.count)
        for (number, question) in questions.enumerated() {
            progress.show(number)
            let answer = try installation.ask(question.text)
            counted.times.add(answer.microseconds)
            if answer.status == 200, let message = answer.body["data"]?["message"] {
                body(question, message, &counted)
            } else {
                counted.failures.add(answer.message)
            }
        }
        progress.end()
        chat = counted
    }
}
