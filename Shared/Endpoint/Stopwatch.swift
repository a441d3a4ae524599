import Platform

/// Measures how long something took, by a clock that nobody sets.
public struct Stopwatch {
    private let start = MonotonicClock.nanoseconds

    public init() {}

    /// Since it was made, to a hundredth.
    public var milliseconds: Double { (Double(MonotonicClock.nanoseconds - start) / 10_000).rounded() / 100 }

    /// Since it was made, rounded up: what a tenant is told must not be fine enough to show what others keep.
    public var wholeMilliseconds: Int { Int((MonotonicClock.nanoseconds - start + 999_999) / 1_000_000) }
}
