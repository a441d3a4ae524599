import CSQLite
import Glibc
import Models

/// Finds the best passages for a query while FTS5 walks through all that match.
///
/// The score is Okapi BM25 as a share of what a passage could reach at most, 0 to 1, so that one
/// threshold fits every query: `Σ idf·tf·(k1+1) / (tf + k1·(1 − b + b·length/average))`, divided by
/// `Σ idf·(k1+1)`. SQLite's own `bm25()` has no upper bound, counts the scope too, and negates the result.
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
    private static let headingColumn: Int32 = 1

    struct Ranked {
        var number: Int64
        var score: Double

        func isWorse(than other: Ranked) -> Bool { (score, -number) < (other.score, -other.number) }
    }

    /// The best that were seen, best first; of equal ones that with the lower number.
    @exclusivity(unchecked) private(set) var best: [Ranked] = []

    /// Which phrases of the query count. The one behind them is the scope.
    var phrases: Range<Int>
    private let limit: Int
    private let threshold: Double
    @exclusivity(unchecked) private var statistics: Statistics?

    /// - Parameter threshold: passages that score below it are left out.
    init(phrases: Range<Int>, limit: Int, threshold: Double) {
        self.phrases = phrases
        self.limit = limit
        self.threshold = threshold
    }

    /// What is the same for all passages.
    private final class Statistics {
        /// Of each phrase: what it can add to a score at most, its inverse document frequency times
        /// k1 + 1. Plain memory, since every passage asks for them.
        let weights: UnsafeMutableBufferPointer<Double>
        /// The phrases by weight, the heaviest first.
        let order: UnsafeMutableBufferPointer<Int>
        /// Of the workspace's passages, those that each is in.
        private let shares: [Double]
        /// What a passage reaches that consists of nothing but the query.
        let upperBound: Double
        let averageLength: Double

        init?(_ api: Fts5ExtensionApi, _ context: OpaquePointer, phrases: Range<Int>) {
            var allRows: sqlite3_int64 = 0
            var tokens: sqlite3_int64 = 0
            guard api.xRowCount(context, &allRows) == SQLITE_OK,
                api.xColumnTotalSize(context, -1, &tokens) == SQLITE_OK,
                allRows > 0, phrases.upperBound < Int(api.xPhraseCount(context))
            else { return nil }
            averageLength = max(1, Double(tokens) / Double(allRows))
            let scope = RowRuns(ofPhrase: Int32(phrases.upperBound), api, context)
            let rows = Double(max(1, scope.count))
            let counts = phrases.map { Double(scope.count(ofPhrase: Int32($0), api, context)) }
            let weights = counts.map { (k1 + 1) * Self.frequency(of: $0, in: rows) }
            shares = counts.map { $0 / rows }
            self.weights = .allocate(capacity: weights.count)
            _ = self.weights.initialize(from: weights)
            order = .allocate(capacity: weights.count)
            _ = order.initialize(from: weights.indices.sorted { weights[$0] > weights[$1] })
            upperBound = weights.reduce(0, +)
        }

        deinit {
            weights.deallocate()
            order.deallocate()
        }

        /// Lucene's form of the Robertson–Spärck Jones weight, which stays positive for words that most
        /// passages have.
        private static func frequency(of count: Double, in total: Double) -> Double {
            log(1 + (total - count + 0.5) / (count + 0.5))
        }

        /// About which share of the passages has one of some phrases, as if these had nothing to do with
        /// each other.
        func share(havingOneOf phrases: [Int]) -> Double { 1 - phrases.reduce(1) { $0 * (1 - shares[$1]) } }

        /// What dampens the hits in a passage of so many words.
        func norm(length: Int) -> Double { k1 * (1 - b + b * Double(length) / averageLength) }
    }

    /// The rows that have a phrase, as runs of numbers that follow each other: what a workspace has was
    /// added document by document, so that there are few.
    private struct RowRuns {
        private var runs: [ClosedRange<Int64>] = []
        private(set) var count = 0

        init(ofPhrase phrase: Int32, _ api: Fts5ExtensionApi, _ context: OpaquePointer) {
            withUnsafeMutablePointer(to: &self) { pointer in
                _ = api.xQueryPhrase(context, phrase, pointer) { api, context, runs in
                    guard let api, let runs else { return SQLITE_ERROR }
                    runs.assumingMemoryBound(to: RowRuns.self).pointee.append(api.pointee.xRowid(context))
                    return SQLITE_OK
                }
            }
        }

        private mutating func append(_ row: Int64) {
            count += 1
            if let last = runs.last, last.upperBound == row - 1 {
                runs[runs.count - 1] = last.lowerBound...row
            } else {
                runs.append(row...row)
            }
        }

        /// How many of these rows have another phrase.
        func count(ofPhrase phrase: Int32, _ api: Fts5ExtensionApi, _ context: OpaquePointer) -> Int {
            runs.withUnsafeBufferPointer { runs in
                var walk = Walk(runs: runs)
                withUnsafeMutablePointer(to: &walk) { pointer in
                    _ = api.xQueryPhrase(context, phrase, pointer) { api, context, walk in
                        guard let api, let walk else { return SQLITE_ERROR }
                        return walk.assumingMemoryBound(to: Walk.self).pointee.pass(api.pointee.xRowid(context))
                    }
                }
                return walk.count
            }
        }

        /// Rows of a phrase, in the order of their numbers, held against runs.
        private struct Walk {
            let runs: UnsafeBufferPointer<ClosedRange<Int64>>
            var next = 0
            var count = 0

            mutating func pass(_ row: Int64) -> Int32 {
                while next < runs.count, runs[next].upperBound < row { next += 1 }
                guard next < runs.count else { return SQLITE_DONE }
                if runs[next].contains(row) { count += 1 }
                return SQLITE_OK
            }
        }
    }

    // MARK: Which passages to look at

    /// The phrases, by their places among those that count, that the best passages most likely have: the
    /// heaviest, until the others have a good half of the weight; all of them where leaving some out would
    /// save too little. A good guess saves time, a bad one costs some; the result is the same.
    var leadingPhrases: [Int] {
        guard let statistics else { return [] }
        let all = Array(statistics.order)
        let leading = heaviest { $0 > 0.6 * statistics.upperBound }
        let saved = statistics.share(havingOneOf: all) - statistics.share(havingOneOf: leading)
        return saved > Self.worthTwoWalks ? leading : all
    }

    /// Which share of all passages a second walk through the index must save from being looked at.
    private static let worthTwoWalks = 0.1

    /// The phrases of which a passage must have at least one to be among the best, as far as they are
    /// known: the others together do not weigh enough.
    var promisingPhrases: [Int] {
        guard let statistics else { return [] }
        let needed = needed(statistics)
        return heaviest { $0 >= needed }
    }

    /// The heaviest phrases as long as `condition` holds for the weight of each with all that are lighter.
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

    /// Takes up the row that the query stands at; the first one only for what is the same for all.
    fileprivate func consider(_ api: UnsafePointer<Fts5ExtensionApi>, _ context: OpaquePointer) {
        guard let statistics else {
            statistics = Statistics(api.pointee, context, phrases: phrases)
            return
        }
        guard statistics.upperBound > 0, let score = score(api, context, statistics) else { return }
        insert(Ranked(number: api.pointee.xRowid(context), score: score))
    }

    /// Nil for a passage that is not among the best.
    private func score(
        _ api: UnsafePointer<Fts5ExtensionApi>, _ context: OpaquePointer, _ statistics: Statistics
    ) -> Double? {
        let needed = needed(statistics)
        return withUnsafeTemporaryAllocation(of: Double.self, capacity: statistics.weights.count) { frequencies in
            var seen = Extent()
            var possible = statistics.upperBound
            for phrase in statistics.order {
                let frequency = Self.frequency(of: Int32(phrases.lowerBound + phrase), api, context, &seen)
                frequencies[phrase] = frequency
                let share = frequency / (frequency + statistics.norm(length: seen.minimumLength))
                possible -= statistics.weights[phrase] * (1 - share)
                if possible < needed { return nil }
            }
            var length: Int32 = 0
            guard api.pointee.xColumnSize(context, -1, &length) == SQLITE_OK else { return nil }
            let norm = statistics.norm(length: Int(length))
            var sum = 0.0
            for phrase in frequencies.indices {
                sum += statistics.weights[phrase] * frequencies[phrase] / (frequencies[phrase] + norm)
            }
            return min(1, sum / statistics.upperBound)
        }
    }

    /// How far into a passage its hits reach: it is no shorter than that. Common words have hits all over,
    /// so that this comes close to the length and costs nothing.
    private struct Extent {
        var content = 0
        var heading = 0

        /// With the scope's one word.
        var minimumLength: Int { content + heading + 1 }
    }

    /// How often a phrase occurs in the current row, hits in the heading weighed.
    private static func frequency(
        of phrase: Int32, _ api: UnsafePointer<Fts5ExtensionApi>, _ context: OpaquePointer, _ seen: inout Extent
    ) -> Double {
        var iterator = Fts5PhraseIter()
        var (column, offset): (Int32, Int32) = (-1, 0)
        var (inContent, inHeading) = (0.0, 0.0)
        guard api.pointee.xPhraseFirst(context, phrase, &iterator, &column, &offset) == SQLITE_OK else { return 0 }
        while column >= 0 {
            if column == headingColumn {
                inHeading += 1
                seen.heading = max(seen.heading, Int(offset) + 1)
            } else {
                inContent += 1
                seen.content = max(seen.content, Int(offset) + 1)
            }
            api.pointee.xPhraseNext(context, &iterator, &column, &offset)
        }
        return inContent + inHeading * headingWeight
    }

    private func insert(_ candidate: Ranked) {
        guard candidate.score >= threshold else { return }
        let place = best.firstIndex { $0.isWorse(than: candidate) } ?? best.count
        guard place < limit else { return }
        if best.count == limit { best.removeLast() }
        best.insert(candidate, at: place)
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
            throw DatabaseError(SQLITE_ERROR, in: handle).apiError
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
    Unmanaged<PassageRanking>.fromOpaque(ranking)._withUnsafeGuaranteedRef { $0.consider(api, context) }
}
