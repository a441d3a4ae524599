import Platform

/// Measures durations by the monotonic clock.
public struct Stopwatch {
    private let start = MonotonicClock.nanoseconds

    public init() {}

    /// Since it was made, rounded to hundredths.
    public var milliseconds: Double { (Double(MonotonicClock.nanoseconds - start) / 10_000).rounded() / 100 }

    /// Since it was made, rounded up: too coarse to reveal other tenants' data.
    public var wholeMilliseconds: Int { Int((MonotonicClock.nanoseconds - start + 999_999) / 1_000_000) }
}
