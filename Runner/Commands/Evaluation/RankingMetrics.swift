import Glibc

/// How good one ranking is. The measures are those of trec_eval.
///
/// A ranking is the grades of the documents that were found, best first: 0 for one that is not relevant.
enum RankingMetrics {
    /// The normalised discounted cumulative gain (Järvelin and Kekäläinen 2002) of the first `cut` ranks, with linear
    /// gains, in 0…1.
    /// - Parameter judged: the grades of all judged documents, found or not.
    static func nDCG(_ ranking: [Double], judged: some Sequence<Double>, at cut: Int) -> Double {
        let ideal = gain(judged.sorted(by: >), at: cut)
        return ideal > 0 ? gain(ranking, at: cut) / ideal : 0
    }

    /// The share of the relevant documents that are among the first `cut` ranks.
    /// - Parameter relevant: how many relevant documents there are.
    static func recall(_ ranking: [Double], relevant: Int, at cut: Int) -> Double {
        relevant > 0 ? Double(ranking.prefix(cut).count { $0 > 0 }) / Double(relevant) : 0
    }

    /// One divided by the first relevant rank; 0 if none of the first `cut` is relevant.
    static func reciprocalRank(_ ranking: [Double], at cut: Int) -> Double {
        ranking.prefix(cut).firstIndex { $0 > 0 }.map { 1 / Double($0 + 1) } ?? 0
    }

    private static func gain(_ grades: [Double], at cut: Int) -> Double {
        var sum = 0.0
        for (rank, grade) in grades.prefix(cut).enumerated() { sum += max(0, grade) / log2(Double(rank + 2)) }
        return sum
    }
}

/// A mean that is counted up.
struct Mean {
    private(set) var sum = 0.0
    private(set) var count = 0

    /// Nil if nothing was counted.
    var value: Double? { count > 0 ? sum / Double(count) : nil }

    mutating func add(_ value: Double) {
        sum += value
        count += 1
    }

    mutating func add(_ isTrue: Bool) { add(isTrue ? 1 : 0) }
}

/// The times that requests took, in microseconds.
struct Latencies {
    private var times: [Int64] = []

    mutating func add(_ time: Int64) { times.append(time) }

    /// The time, in milliseconds, within which this share of the requests was answered (nearest rank); nil if there was
    /// none.
    func milliseconds(within share: Double) -> Double? {
        guard !times.isEmpty else { return nil }
        let rank = max(1, Int((share * Double(times.count)).rounded(.up)))
        return Double(times.sorted()[min(rank, times.count) - 1]) / 1000
    }
}
