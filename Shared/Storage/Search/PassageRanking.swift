import CSQLite
import Glibc
import Models

/// Finds the best passages for a query while FTS5 walks through those of the workspace that match.
///
/// The score is Okapi BM25 as a share of what a passage could reach at most, 0 to 1, so that one
/// threshold fits every query: `Σ idf·tf·(k1+1) / (tf + k1·(1 − b + b·length/average))`, divided by
/// `Σ idf·(k1+1)`. SQLite's own `bm25()` has no upper bound, counts the scope and other workspaces too, and
/// negates the result.
///
/// Common words match most passages, and nearly all of these are far from the best. So (as in MaxScore:
/// Turtle and Flood, 1995) passages with the heaviest words are looked at first; then it is known which
/// words alone cannot lead among the best any more, and passages that have no others are never looked at.
/// Of a passage, too, the heavy words are counted first, and it is given up as soon as it could not be
/// among the best even with all the rest. What takes longest to ask for, its length, is asked for last.
/// The result is that of scoring all.
// NB: unchecked, since what can be bound to a statement must be `Sendable`; it never leaves the search
// that made it.
final class PassageRanking: @unchecked Sendable {
    private static let k1 = 1.2
    private static let b = 0.75
    /// A hit in the heading counts this many times.
    private static let headingWeight = 2.0

    struct Ranked {
        var number: Int64
        var score: Double

        func isWorse(than other: Ranked) -> Bool { (score, -number) < (other.score, -other.number) }
    }

    /// What the passages of a workspace have in common.
    struct Extent {
        var passages: Int
        /// In words, with one for the scope.
        var averageLength: Double
        /// The passages' numbers, where no other workspace's are between them.
        var numbers: ClosedRange<Int>?
    }

    /// The best that were seen, best first; of equal ones that with the lower number.
    @exclusivity(unchecked) private(set) var best: [Ranked] = []

    private let query: MatchQuery
    /// Of each of the wanted its word, if it is one: it is asked for at every passage.
    private let singleWords: [Int?]
    private let extent: Extent
    private let limit: Int
    private let threshold: Double
    private let budget: SearchBudget
    @exclusivity(unchecked) private var task = Task.rank
    /// Which phrase of the expression at hand each word of the query is.
    @exclusivity(unchecked) private var places: [Int32] = []
    /// Of each of the wanted: how many passages of the workspace have it.
    @exclusivity(unchecked) private var counts: [Int]
    private var statistics: Statistics?

    /// What is to be done with the passages that FTS5 comes to.
    private enum Task {
        /// Count those that have one of the wanted, a phrase of several words.
        case count(Int)
        case rank
    }

    /// - Parameter threshold: passages that score below it are left out.
    init(_ query: MatchQuery, of extent: Extent, limit: Int, threshold: Double, within budget: SearchBudget) {
        self.query = query
        singleWords = query.wanted.map { $0.count == 1 ? $0[0] : nil }
        self.extent = extent
        self.limit = limit
        self.threshold = threshold
        self.budget = budget
        // What there is no time to count is taken to be common.
        counts = Array(repeating: extent.passages / 2, count: query.wanted.count)
    }

    // MARK: Walks

    /// Finds out how many passages have each of the wanted. Of one alone the number says nothing.
    ///
    /// - Parameters:
    ///   - count: counts the passages that have a word; nil when there is no time for it.
    ///   - walk: goes through those that have all words of a phrase.
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

    /// Ranks, by one walk or two, the passages that can be among the best.
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

    /// Takes up the row that the query stands at. False when there is no time for more.
    fileprivate func consider(_ api: UnsafePointer<Fts5ExtensionApi>, _ context: OpaquePointer) -> Bool {
        var hits = PassageHits(api, context, places: places)
        switch task {
        case .count(let index): if hits.has(query.wanted[index]) { counts[index] += 1 }
        case .rank: rank(&hits)
        }
        return budget.spend(hits.work + Self.workOfOneRow)
    }

    /// What coming to a row costs, in the budget's units.
    private static let workOfOneRow = 32

    // MARK: Which passages to look at

    /// What is the same for all passages.
    private struct Statistics {
        /// Of each of the wanted, what it can add to a score at most: its inverse document frequency times k1 + 1.
        let weights: [Double]
        /// The wanted by weight, the heaviest first.
        let order: [Int]
        /// Of the workspace's passages, those that each is in.
        private let shares: [Double]
        /// What a passage reaches that consists of nothing but the query.
        let upperBound: Double

        init(_ counts: [Int], of passages: Int) {
            let total = Double(max(1, passages))
            let weights = counts.map { (k1 + 1) * Self.frequency(of: Double($0), in: total) }
            shares = counts.map { min(1, Double($0) / total) }
            self.weights = weights
            order = weights.indices.sorted { weights[$0] > weights[$1] }
            upperBound = weights.reduce(0, +)
        }

        /// Lucene's form of the Robertson–Spärck Jones weight, which stays positive for words that most
        /// passages have.
        private static func frequency(of count: Double, in total: Double) -> Double {
            log(1 + (max(0, total - count) + 0.5) / (count + 0.5))
        }

        /// About which share of the passages has one of some phrases, as if these had nothing to do with
        /// each other.
        func share(havingOneOf phrases: [Int]) -> Double { 1 - phrases.reduce(1) { $0 * (1 - shares[$1]) } }
    }

    /// Those of the wanted that the best passages most likely have: the heaviest, until the others have a good half of
    /// the weight; all of them where leaving some out would save too little. A good guess saves time, a bad one costs
    /// some; the result is the same.
    private var leading: [Int] {
        guard let statistics else { return [] }
        let leading = heaviest { $0 > 0.6 * statistics.upperBound }
        let saved = statistics.share(havingOneOf: statistics.order) - statistics.share(havingOneOf: leading)
        return saved > Self.worthTwoWalks ? leading : statistics.order
    }

    /// Which share of all passages a second walk through the index must save from being looked at.
    private static let worthTwoWalks = 0.1

    /// Those of which a passage must have at least one to be among the best, as far as they are known: the others
    /// together do not weigh enough.
    private var promising: [Int] {
        guard let statistics else { return [] }
        let needed = needed(statistics)
        return heaviest { $0 >= needed }
    }

    /// The heaviest of the wanted as long as `condition` holds for the weight of each with all that are lighter.
    private func heaviest(while condition: (_ rest: Double) -> Bool) -> [Int] {
        guard let statistics else { return [] }
        var rest = statistics.upperBound
        return Array(
            statistics.order.prefix { phrase in
                defer { rest -= statistics.weights[phrase] }
                return condition(rest)
            })
    }

    /// What a passage's sum must reach. It is a little less than what the last of the best has, so that
    /// what is pruned is lower without doubt, whatever the rounding.
    private func needed(_ statistics: Statistics) -> Double {
        let minimum = best.count < limit ? threshold : max(threshold, best[best.count - 1].score)
        return minimum * statistics.upperBound * (1 - 1e-9)
    }

    // MARK: One passage

    private func rank(_ hits: inout PassageHits) {
        guard let statistics, statistics.upperBound > 0, let score = score(&hits, statistics) else { return }
        let candidate = Ranked(number: hits.row, score: score)
        guard score >= threshold else { return }
        let place = best.firstIndex { $0.isWorse(than: candidate) } ?? best.count
        guard place < limit, !query.excluded.contains(where: { hits.has($0) }) else { return }
        if best.count == limit { best.removeLast() }
        best.insert(candidate, at: place)
    }

    /// Nil for a passage that is not among the best, or lacks what is required.
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
                // With the scope's one word.
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

    /// What dampens the hits in a passage of so many words.
    private func norm(length: Int) -> Double {
        Self.k1 * (1 - Self.b + Self.b * Double(length) / extent.averageLength)
    }
}

// MARK: The auxiliary function

/// `passage_rank(passage_text, ranking)`, an auxiliary function of FTS5: shows the ranking that is bound
/// to it the row at hand, and is NULL. A condition that it stands in selects nothing, so that a search is
/// one step of its statement. https://www.sqlite.org/fts5.html#custom_auxiliary_functions
extension PassageRanking {
    /// What marks the pointer, so that SQLite hands it to this function alone.
    static let pointerType: StaticString = "PassageRanking"

    /// Makes the function known to a connection. Once is enough.
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
    /// SQLite keeps the pointer, so that it must be one that lasts.
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
