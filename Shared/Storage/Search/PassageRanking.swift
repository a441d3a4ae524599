import CSQLite
import Glibc
import Models

/// Finds the best passages for a query while FTS5 walks the matching passages of the workspace.
///
/// The score is Okapi BM25 as a share of the best possible score, 0 to 1, so that one threshold fits every query: `Σ
/// idf·tf·(k1+1) / (tf + k1·(1 − b + b·length/average))`, divided by `Σ idf·(k1+1)`. SQLite's `bm25()` has no upper
/// bound, counts the scope and other workspaces too, and negates the result.
///
/// Common words match most passages, nearly all of which score far below the best. So (as in MaxScore: Turtle and
/// Flood, 1995) passages with the heaviest words are scored first. Then it is known which words alone can no longer
/// lift a passage into the results, and passages with no other words are never visited. Within a passage, the heavy
/// words are also counted first, and it is dropped as soon as even all remaining words could not lift it into the
/// results. Its length, the most expensive value, is read last. The results are the same as from scoring every passage.
// NB: unchecked, because values bound to a statement must be `Sendable`; it never leaves the search that created it.
final class PassageRanking: @unchecked Sendable {
    private static let k1 = 1.2
    private static let b = 0.75
    /// A hit in the heading counts as much as this many in the content.
    private static let headingWeight = 2.0

    struct Ranked {
        var number: Int64
        var score: Double

        func isWorse(than other: Ranked) -> Bool { (score, number) < (other.score, other.number) }
    }

    /// Statistics of a workspace's passages.
    struct Extent {
        var passages: Int
        /// In words, including one for the scope.
        var averageLength: Double
        /// The range of the passages' numbers, if no other workspace has numbers within it.
        var numbers: ClosedRange<Int>?
    }

    /// The best passages so far, best first. Of equal ones, the one that was indexed last is first.
    @exclusivity(unchecked) private(set) var best: [Ranked] = []

    private let query: MatchQuery
    /// For each wanted phrase its word, if it is a single one. Cached because every passage needs it.
    private let singleWords: [Int?]
    private let extent: Extent
    private let limit: Int
    private let threshold: Double
    private let budget: SearchBudget
    @exclusivity(unchecked) private var task = Task.rank
    /// For each word of the query, its phrase number in the current expression.
    @exclusivity(unchecked) private var places: [Int32] = []
    /// For each wanted phrase, the number of the workspace's passages that contain it.
    @exclusivity(unchecked) private var counts: [Int]
    private var statistics: Statistics?

    /// What to do with the passages that FTS5 visits.
    private enum Task {
        /// Count those that contain this wanted phrase, which has several words.
        case count(Int)
        case rank
    }

    /// - Parameter threshold: passages that score less are left out.
    init(_ query: MatchQuery, of extent: Extent, limit: Int, threshold: Double, within budget: SearchBudget) {
        self.query = query
        singleWords = query.wanted.map { $0.count == 1 ? $0[0] : nil }
        self.extent = extent
        self.limit = limit
        self.threshold = threshold
        self.budget = budget
        // If there is no time to count a phrase, assume that it is common.
        counts = Array(repeating: extent.passages / 2, count: query.wanted.count)
    }

    // MARK: Walks

    /// Counts the passages that contain each wanted phrase. With only one phrase, its count does not matter.
    ///
    /// - Parameters:
    ///   - count: counts the passages that contain a word; nil if there is no time.
    ///   - walk: visits the passages that contain all words of a phrase.
    func weigh(
        counting count: (MatchExpression) throws -> Int?, walking walk: (MatchExpression) throws -> Void
    ) rethrows {
        if query.wanted.count > 1 {
            for (index, phrase) in query.wanted.enumerated() where !budget.isOver {
                let expression = query.expression(havingAllOf: phrase)
                if phrase.count == 1 {
                    counts[index] = try count(expression) ?? counts[index]
                } else {
                    (task, counts[index]) = (.count(index), 0)
                    try walk(follow(expression))
                }
            }
        }
        statistics = Statistics(counts, of: extent.passages)
    }

    /// Ranks the passages that can be among the best, in one or two walks.
    func rank(_ walk: (MatchExpression) throws -> Void) rethrows {
        task = .rank
        let first = query.required.isEmpty ? leading : Array(query.wanted.indices)
        try walk(follow(query.expression(havingOneOf: first)))
        let second = promising.filter { !first.contains($0) }
        guard !second.isEmpty, query.required.isEmpty, !budget.isOver else { return }
        try walk(follow(query.expression(havingOneOf: second, noneOf: first)))
    }

    private func follow(_ expression: MatchExpression) -> MatchExpression {
        places = expression.places
        return expression
    }

    /// Processes the query's current row. Returns false if there is no time for more.
    fileprivate func consider(_ api: UnsafePointer<Fts5ExtensionApi>, _ context: OpaquePointer) -> Bool {
        var hits = PassageHits(api, context, places: places)
        switch task {
        case .count(let index): if hits.has(query.wanted[index]) { counts[index] += 1 }
        case .rank: rank(&hits)
        }
        return budget.spend(hits.work + Self.workOfOneRow)
    }

    /// The cost of visiting a row, in the budget's units.
    private static let workOfOneRow = 32

    // MARK: Pruning

    /// Values that are the same for all passages.
    private struct Statistics {
        /// For each wanted phrase, the most it can add to a score: its inverse document frequency times k1 + 1.
        let weights: [Double]
        /// The wanted phrases by weight, heaviest first.
        let order: [Int]
        /// For each wanted phrase, the share of the workspace's passages that contain it.
        private let shares: [Double]
        /// The limit that a passage's sum approaches if it consists of nothing but the query.
        let upperBound: Double

        init(_ counts: [Int], of passages: Int) {
            let total = Double(max(1, passages))
            let weights = counts.map { (k1 + 1) * Self.frequency(of: Double($0), in: total) }
            shares = counts.map { min(1, Double($0) / total) }
            self.weights = weights
            order = weights.indices.sorted { weights[$0] > weights[$1] }
            upperBound = weights.reduce(0, +)
        }

        /// Lucene's form of the Robertson–Spärck Jones weight. It stays positive for words that most passages contain.
        private static func frequency(of count: Double, in total: Double) -> Double {
            log(1 + (max(0, total - count) + 0.5) / (count + 0.5))
        }

        /// The estimated share of passages that contain any of the phrases, assuming that these are independent.
        func share(havingOneOf phrases: [Int]) -> Double { 1 - phrases.reduce(1) { $0 * (1 - shares[$1]) } }
    }

    /// The phrases that the best passages most likely contain: the heaviest, down to where the rest has a good half of
    /// the weight; all phrases if leaving some out would save too little. A good guess saves time and a bad one costs
    /// some, but the results are the same.
    private var leading: [Int] {
        guard let statistics else { return [] }
        let leading = heaviest { $0 > 0.6 * statistics.upperBound }
        let saved = statistics.share(havingOneOf: statistics.order) - statistics.share(havingOneOf: leading)
        return saved > Self.worthTwoWalks ? leading : statistics.order
    }

    /// The share of passages that a second walk through the index must save.
    private static let worthTwoWalks = 0.1

    /// The phrases of which a passage must contain at least one to be among the best found so far. The other phrases
    /// together do not weigh enough.
    private var promising: [Int] {
        guard let statistics else { return [] }
        let needed = needed(statistics)
        return heaviest { $0 >= needed }
    }

    /// The heaviest phrases, as long as `condition` holds for the combined weight of the phrase and all lighter ones.
    private func heaviest(while condition: (_ rest: Double) -> Bool) -> [Int] {
        guard let statistics else { return [] }
        var rest = statistics.upperBound
        return Array(
            statistics.order.prefix { phrase in
                defer { rest -= statistics.weights[phrase] }
                return condition(rest)
            })
    }

    /// The sum that a passage must reach. Slightly less than the sum of the last of the best, so that rounding never
    /// prunes a passage that belongs there.
    private func needed(_ statistics: Statistics) -> Double {
        let minimum = best.count < limit ? threshold : max(threshold, best[best.count - 1].score)
        return minimum * statistics.upperBound * (1 - 1e-9)
    }

    // MARK: Scoring a passage

    private func rank(_ hits: inout PassageHits) {
        guard let statistics, statistics.upperBound > 0, let score = score(&hits, statistics) else { return }
        let candidate = Ranked(number: hits.row, score: score)
        guard score >= threshold else { return }
        let place = best.firstIndex { $0.isWorse(than: candidate) } ?? best.count
        guard place < limit, !query.excluded.contains(where: { hits.has($0) }) else { return }
        if best.count == limit { best.removeLast() }
        best.insert(candidate, at: place)
    }

    /// Nil if the passage is not among the best or lacks a required phrase.
    private func score(_ hits: inout PassageHits, _ statistics: Statistics) -> Double? {
        let needed = needed(statistics)
        return withUnsafeTemporaryAllocation(of: Double.self, capacity: statistics.weights.count) { frequencies in
            var possible = statistics.upperBound
            for phrase in statistics.order {
                let found =
                    singleWords[phrase].map { hits.frequency(of: $0) } ?? hits.frequency(of: query.wanted[phrase])
                if found.isZero, query.required.contains(phrase) { return nil }
                let frequency = Double(found.content) + Double(found.heading) * Self.headingWeight
                frequencies[phrase] = frequency
                // Plus one for the scope's word.
                let share = frequency / (frequency + norm(length: hits.reach.content + hits.reach.heading + 1))
                possible -= statistics.weights[phrase] * (1 - share)
                if possible < needed { return nil }
            }
            guard let length = hits.length() else { return nil }
            let norm = norm(length: length)
            var sum = 0.0
            for phrase in frequencies.indices {
                sum += statistics.weights[phrase] * frequencies[phrase] / (frequencies[phrase] + norm)
            }
            return min(1, sum / statistics.upperBound)
        }
    }

    /// BM25's damping of hits for a passage of this many words.
    private func norm(length: Int) -> Double {
        Self.k1 * (1 - Self.b + Self.b * Double(length) / extent.averageLength)
    }
}

// MARK: The auxiliary function

/// `passage_rank(passage_text, ranking)`, an FTS5 auxiliary function: passes the current row to the bound ranking and
/// returns NULL. A condition that consists of it selects nothing, so a search is one step of its statement.
/// https://www.sqlite.org/fts5.html#custom_auxiliary_functions
extension PassageRanking {
    /// The type tag of the pointer. SQLite passes the pointer only to functions that ask for this tag.
    static let pointerType: StaticString = "PassageRanking"

    /// Registers the function on a connection. Call it once.
    static func register(on handle: OpaquePointer) throws {
        let apiType: StaticString = "fts5_api_ptr"
        var api: UnsafeMutablePointer<fts5_api>?
        var statement: OpaquePointer?
        defer { sqlite3_finalize(statement) }
        guard sqlite3_prepare_v2(handle, "SELECT fts5(?1)", -1, &statement, nil) == SQLITE_OK else {
            throw SQLiteError(SQLITE_ERROR, in: handle).apiError
        }
        withUnsafeMutablePointer(to: &api) { pointer in
            _ = sqlite3_bind_pointer(statement, 1, pointer, apiType.cString, nil)
            sqlite3_step(statement)
        }
        guard let api, api.pointee.xCreateFunction(api, "passage_rank", nil, passageRank, nil) == SQLITE_OK else {
            throw APIError.internalError(cause: "This SQLite has no FTS5")
        }
    }
}

extension StaticString {
    /// SQLite keeps the pointer, so it must stay valid.
    var cString: UnsafePointer<CChar> { UnsafeRawPointer(utf8Start).assumingMemoryBound(to: CChar.self) }
}

private func passageRank(
    _ api: UnsafePointer<Fts5ExtensionApi>?, _ context: OpaquePointer?, _ result: OpaquePointer?, _ count: Int32,
    _ arguments: UnsafeMutablePointer<OpaquePointer?>?
) {
    guard let api, let context, count == 1, let arguments,
        let ranking = sqlite3_value_pointer(arguments[0], PassageRanking.pointerType.cString)
    else { return sqlite3_result_error(result, "passage_rank takes a ranking", -1) }
    let goesOn = Unmanaged<PassageRanking>.fromOpaque(ranking)._withUnsafeGuaranteedRef { $0.consider(api, context) }
    if !goesOn { sqlite3_result_error_code(result, SQLITE_INTERRUPT) }
}
