import Glibc

/// Measures how long something took, by a clock that nobody sets.
public struct Stopwatch {
    private let start = Self.now()

    public init() {}

    /// Since it was made, to a hundredth.
    public var milliseconds: Double { (Double(Self.now() - start) / 10_000).rounded() / 100 }

    /// Since it was made, rounded up: what a tenant is told must not be fine enough to show what others keep.
    public var wholeMilliseconds: Int { Int((Self.now() - start + 999_999) / 1_000_000) }

    /// In nanoseconds.
    private static func now() -> Int64 {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
    }
}
