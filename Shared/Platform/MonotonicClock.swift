import Glibc

/// A clock that is never set. It measures durations; `Timestamp` is the time of day.
public enum MonotonicClock {
    /// Nanoseconds since a point in the past that all processes share until the machine restarts.
    public static var nanoseconds: Int64 {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
    }

    public static var microseconds: Int64 { nanoseconds / 1000 }
}

/// A time of `MonotonicClock`, to the millisecond.
public struct Moment: Comparable, Sendable {
    public var milliseconds: Int64

    public static var now: Moment { Moment(milliseconds: MonotonicClock.nanoseconds / 1_000_000) }

    public static func < (left: Moment, right: Moment) -> Bool { left.milliseconds < right.milliseconds }

    public static func + (moment: Moment, seconds: Int) -> Moment {
        moment.adding(milliseconds: Int64(seconds) * 1000)
    }

    public func adding(milliseconds: Int64) -> Moment { Moment(milliseconds: self.milliseconds + milliseconds) }

    /// Milliseconds from another moment to this one.
    public func since(_ other: Moment) -> Int64 { milliseconds - other.milliseconds }
}
