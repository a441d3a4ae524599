import Glibc

/// A moment on a clock that nobody sets: for what takes how long, where `Timestamp` is for what happened when.
public struct Moment: Comparable, Sendable {
    /// Since some point in the past, the same for all processes until the machine starts again.
    public var milliseconds: Int64

    public static var now: Moment {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return Moment(milliseconds: Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000)
    }

    public static func < (left: Moment, right: Moment) -> Bool { left.milliseconds < right.milliseconds }

    public static func + (moment: Moment, seconds: Int) -> Moment {
        moment.adding(milliseconds: Int64(seconds) * 1000)
    }

    public func adding(milliseconds: Int64) -> Moment { Moment(milliseconds: self.milliseconds + milliseconds) }

    /// Milliseconds from another moment to this one.
    public func since(_ other: Moment) -> Int64 { milliseconds - other.milliseconds }
}
