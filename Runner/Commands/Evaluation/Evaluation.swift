import Gateway
import Wire

/// Runs the questions of one collection through the functions.
struct Evaluation {
    private let collection: TestCollection
    private let options: Options
    /// Where the data folders are.
    private let folder: String

    /// The most passages that a search returns.
    private static let longestRanking = 50
    private static let usualRanking = 10

    init(_ collection: TestCollection, _ options: Options, in folder: String) {
        (self.collection, self.options, self.folder) = (collection, options, folder)
    }

    func run() throws(EvaluationFailure) -> EvaluationResult {
        var result = EvaluationResult(name: collection.name)
        let asks = !options.evaluation.searchesOnly && !collection.judgesDocuments
        // NB: a block, so that the processes of the first installation end before the second begins.
        do {
            let whole = try EvaluationSession(collection, options, in: "\(folder)/\(collection.name)", result: &result)
            for mode in options.evaluation.modes { try search(whole, mode, &result) }
            if asks {
                result.chat = EvaluationResult.Chat()
                try ask(whole, &result)
            }
        }
        if asks {
            var ignored = result
            let half = try EvaluationSession(
                collection.halved, options, in: "\(folder)/\(collection.name)-unanswerable", result: &ignored)
            try askUnanswerable(half, &result)
        }
        return result
    }

    // MARK: Search

    private func search(_ session: EvaluationSession, _ mode: String, _ result: inout EvaluationResult)
        throws(EvaluationFailure)
    {
        guard let first = session.questions.first else { return }
        let limit = collection.judgesDocuments ? Self.longestRanking : Self.usualRanking
        // The first request starts the process and says which mode there is.
        let trial = try session.installation.search(first.text, mode: mode, limit: limit)
        if trial.status == 200, trial.body["data"]?["mode"]?.string != mode {
            result.missingModes.append(mode)
            return
        }
        var measured = EvaluationResult.Search(mode: mode)
        var progress = ProgressLine("\(collection.name): searching (\(mode))", of: session.questions.count)
        for (number, question) in session.questions.enumerated() {
            progress.show(number)
            let answer = try session.installation.search(question.text, mode: mode, limit: limit)
            measured.times.add(answer.microseconds)
            if answer.status != 200 { measured.failures.add(answer.message) }
            if answer.body["data"]?["partial"]?.bool == true { measured.partial += 1 }
            let hits = answer.body["data"]?["results"]?.array ?? []
            switch question.wanted {
            case .documents(let grades):
                let deep = try deepRanking(session, question.text, mode, after: hits)
                judge(session.documentIDs(of: deep), grades, &measured)
            case .passage(let golds, let document):
                judge(hits, session.isRight(golds.map { ComparedText($0) }, in: document), &measured)
            }
        }
        progress.end()
        result.searches.append(measured)
    }

    /// The hits of one search, and after them what searches of each part find beyond these, best first.
    private func deepRanking(
        _ session: EvaluationSession, _ text: String, _ mode: String, after hits: [JSON]
    ) throws(EvaluationFailure) -> [JSON] {
        guard hits.count == Self.longestRanking else { return hits }
        var more: [(hit: JSON, score: Double, order: Int)] = []
        for part in 0..<EvaluationSession.parts {
            let answer = try session.installation.search(text, mode: mode, limit: Self.longestRanking, part: part)
            for hit in answer.body["data"]?["results"]?.array ?? [] {
                more.append((hit, hit["score"]?.double ?? 0, session.order(of: hit)))
            }
        }
        // Of equal scores, the newest document first, as in one search.
        more.sort { $0.score != $1.score ? $0.score > $1.score : $0.order > $1.order }
        return hits + more.map(\.hit)
    }

    private func judge(_ ids: [String], _ grades: [String: Double], _ measured: inout EvaluationResult.Search) {
        let ranking = ids.map { grades[$0] ?? 0 }
        measured.nDCG.add(RankingMetrics.nDCG(ranking, judged: grades.values, at: 10))
        measured.reciprocalRank.add(RankingMetrics.reciprocalRank(ranking, at: 10))
        measured.recall.add(
            RankingMetrics.recall(ranking, relevant: grades.values.count { $0 > 0 }, at: 100))
    }

    private func judge(_ hits: [JSON], _ isRight: (JSON) -> Bool, _ measured: inout EvaluationResult.Search) {
        let ranking = hits.map { isRight($0) ? 1.0 : 0 }
        measured.first.add(ranking.first == 1)
        measured.firstFive.add(ranking.prefix(5).contains(1))
        measured.reciprocalRank.add(RankingMetrics.reciprocalRank(ranking, at: 10))
    }

    // MARK: Answers

    private func ask(_ session: EvaluationSession, _ result: inout EvaluationResult) throws(EvaluationFailure) {
        try session.eachAnswer("asking", &result.chat) { question, answer, chat in
            let sources = answer["sources"]?.array ?? []
            let content = answer["content"]?.string ?? ""
            chat.answered.add(!sources.isEmpty)
            guard case .passage(let golds, let document) = question.wanted else { return }
            let compared = ComparedText(content)
            chat.golds.add(!sources.isEmpty && golds.contains { compared.contains(ComparedText($0)) })
            chat.firstSource.add(sources.first.map { session.order(of: $0) == document } ?? false)
            if !sources.isEmpty { chat.words.add(Double(content.unicodeScalars.wordCount)) }
        }
    }

    private func askUnanswerable(_ session: EvaluationSession, _ result: inout EvaluationResult)
        throws(EvaluationFailure)
    {
        try session.eachAnswer("asking what no document tells", &result.chat) { _, answer, chat in
            chat.refused.add((answer["sources"]?.array ?? []).isEmpty)
        }
    }
}

extension String.UnicodeScalarView {
    /// How many words white space separates.
    fileprivate var wordCount: Int {
        split { $0.properties.isWhitespace }.count
    }
}
