import Platform

/// Measures durations with the monotonic clock.
public struct Stopwatch {
    private let start = MonotonicClock.nanoseconds

    public init() {}

    /// Milliseconds since it was created, rounded to hundredths.
    public var milliseconds: Double { (Double(MonotonicClock.nanoseconds - start) / 10_000).rounded() / 100 }

    /// Milliseconds since it was created, rounded up: too coarse to reveal anything about other tenants' data.
    public var wholeMilliseconds: Int { Int((MonotonicClock.nanoseconds - start + 999_999) / 1_000_000) }
}
