import CSQLite
import Glibc
import Models

/// Okapi BM25 as a share of what a passage could reach at most, 0 to 1, so that one threshold fits
/// every query: `Σ idf·tf·(k1+1) / (tf + k1·(1 − b + b·length/average))`, divided by `Σ idf·(k1+1)`.
///
/// An auxiliary function of FTS5 (https://www.sqlite.org/fts5.html#custom_auxiliary_functions),
/// `passage_score(passage_text, n)`: phrases 1 to n of the query count; phrase 0 is the scope.
/// SQLite's own `bm25()` has no upper bound, counts the scope too, and negates the result.
enum PassageScore {
    fileprivate static let k1 = 1.2
    fileprivate static let b = 0.75
    /// A hit in the heading counts this many times.
    fileprivate static let headingWeight = 2.0
    fileprivate static let headingColumn: Int32 = 1

    /// Makes the function known to a connection. Once is enough.
    static func register(on handle: OpaquePointer) throws {
        var api: UnsafeMutablePointer<fts5_api>?
        var statement: OpaquePointer?
        defer { sqlite3_finalize(statement) }
        guard sqlite3_prepare_v2(handle, "SELECT fts5(?1)", -1, &statement, nil) == SQLITE_OK else {
            throw DatabaseError(SQLITE_ERROR, in: handle).apiError
        }
        withUnsafeMutablePointer(to: &api) { pointer in
            _ = sqlite3_bind_pointer(statement, 1, pointer, "fts5_api_ptr", nil)
            sqlite3_step(statement)
        }
        guard let api, api.pointee.xCreateFunction(api, "passage_score", nil, passageScore, nil) == SQLITE_OK else {
            throw APIError.internalError(cause: "This SQLite has no FTS5")
        }
    }
}

/// What is the same for all rows of one query.
private final class QueryStatistics {
    /// Inverse document frequencies of the phrases that count.
    let weights: [Double]
    let averageLength: Double
    /// What a passage reaches that consists of nothing but the query.
    let upperBound: Double
    /// Hits of each phrase in the current row; kept here so that a row allocates nothing.
    var hits: [Double]

    init?(_ api: Fts5ExtensionApi, _ context: OpaquePointer, phrases: Int) {
        var rows: sqlite3_int64 = 0
        var tokens: sqlite3_int64 = 0
        guard api.xRowCount(context, &rows) == SQLITE_OK, api.xColumnTotalSize(context, -1, &tokens) == SQLITE_OK,
            rows > 0, phrases < Int(api.xPhraseCount(context))
        else { return nil }
        averageLength = max(1, Double(tokens) / Double(rows))
        weights = (1...max(1, phrases)).map { phrase in
            var count: Int64 = 0
            withUnsafeMutablePointer(to: &count) { pointer in
                _ = api.xQueryPhrase(context, Int32(phrase), pointer) { _, _, user in
                    user?.assumingMemoryBound(to: Int64.self).pointee += 1
                    return SQLITE_OK
                }
            }
            return QueryStatistics.weight(of: Double(count), in: Double(rows))
        }
        upperBound = weights.reduce(0, +) * (PassageScore.k1 + 1)
        hits = Array(repeating: 0, count: weights.count)
    }

    /// Lucene's form of the Robertson–Spärck Jones weight, which stays positive for words that most
    /// passages have.
    private static func weight(of count: Double, in total: Double) -> Double {
        log(1 + (total - count + 0.5) / (count + 0.5))
    }

    func score(_ api: Fts5ExtensionApi, _ context: OpaquePointer) -> Double {
        var instances: Int32 = 0
        var length: Int32 = 0
        guard api.xInstCount(context, &instances) == SQLITE_OK, api.xColumnSize(context, -1, &length) == SQLITE_OK
        else { return 0 }
        for index in hits.indices { hits[index] = 0 }
        for instance in 0..<instances {
            var (phrase, column, offset): (Int32, Int32, Int32) = (0, 0, 0)
            guard api.xInst(context, instance, &phrase, &column, &offset) == SQLITE_OK, phrase > 0,
                Int(phrase) <= hits.count
            else { continue }
            hits[Int(phrase) - 1] += column == PassageScore.headingColumn ? PassageScore.headingWeight : 1
        }
        let norm = PassageScore.k1 * (1 - PassageScore.b + PassageScore.b * Double(length) / averageLength)
        var sum = 0.0
        for (index, frequency) in hits.enumerated() where frequency > 0 {
            sum += weights[index] * frequency * (PassageScore.k1 + 1) / (frequency + norm)
        }
        return upperBound > 0 ? min(1, sum / upperBound) : 0
    }
}

/// The auxiliary function as FTS5 calls it, once for every row that matches.
private func passageScore(
    _ api: UnsafePointer<Fts5ExtensionApi>?, _ context: OpaquePointer?, _ result: OpaquePointer?, _ count: Int32,
    _ arguments: UnsafeMutablePointer<OpaquePointer?>?
) {
    guard let api, let context, count == 1, let arguments else {
        return sqlite3_result_error(result, "passage_score takes the number of phrases", -1)
    }
    if let known = api.pointee.xGetAuxdata(context, 0) {
        let statistics = Unmanaged<QueryStatistics>.fromOpaque(known).takeUnretainedValue()
        return sqlite3_result_double(result, statistics.score(api.pointee, context))
    }
    guard let statistics = QueryStatistics(api.pointee, context, phrases: Int(sqlite3_value_int(arguments[0]))) else {
        return sqlite3_result_double(result, 0)
    }
    let retained = Unmanaged.passRetained(statistics).toOpaque()
    // FTS5 releases what it was given, also when it cannot keep it.
    _ = api.pointee.xSetAuxdata(context, retained) { pointer in
        if let pointer { Unmanaged<QueryStatistics>.fromOpaque(pointer).release() }
    }
    sqlite3_result_double(result, statistics.score(api.pointee, context))
}
