import Glibc

/// Measures how long something took, by a clock that nobody sets.
public struct Stopwatch {
    private let start = Self.now()

    public init() {}

    /// Since it was made, to a hundredth.
    public var milliseconds: Double { (Double(Self.now() - start) / 10_000).rounded() / 100 }

    /// In nanoseconds.
    private static func now() -> Int64 {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
    }
}
