/// Counts durations by range. The bounds are spaced roughly evenly on a logarithmic scale, from a tenth of a
/// millisecond to a minute.
package struct Histogram {
    /// Inclusive upper bounds in microseconds. Longer durations go into a bucket of their own.
    package static let bounds: [Int64] = [
        100, 250, 500, 1000, 2500, 5000, 10_000, 25_000, 50_000, 100_000, 250_000, 500_000,
        1_000_000, 2_500_000, 5_000_000, 10_000_000, 30_000_000, 60_000_000,
    ]

    package private(set) var counts = [Int](repeating: 0, count: Histogram.bounds.count + 1)
    package private(set) var count = 0
    /// The sum of all durations, in microseconds.
    package private(set) var sum: Int64 = 0

    mutating func add(_ duration: Int64) {
        let duration = max(0, duration)
        let bucket = Self.bounds.firstIndex { duration <= $0 } ?? Self.bounds.count
        counts[bucket] += 1
        count += 1
        sum &+= duration
    }

    /// The upper bound, in microseconds, of the bucket that contains the quantile; nil without durations, or beyond the
    /// last bound.
    package func quantile(_ share: Double) -> Int64? {
        guard count > 0 else { return nil }
        let rank = max(1, Int((share * Double(count)).rounded(.up)))
        var seen = 0
        for (bound, bucket) in zip(Self.bounds, counts) {
            seen += bucket
            if seen >= rank { return bound }
        }
        return nil
    }
}
