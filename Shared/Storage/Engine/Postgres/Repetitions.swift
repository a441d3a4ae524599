import Glibc
import Platform
import Postgres

/// How often a write has run again. The next run may find another state.
struct Repetitions {
    private var duplicates = 0
    private var losses = 0
    private var conflicts: UInt32 = 0
    /// When the first conflict was, in nanoseconds of `MonotonicClock`.
    private var start: Int64 = 0

    /// The longest pauses after the first conflict and after many, in microseconds. Shorter ones meet more of the others.
    private static let (first, longest): (UInt32, UInt32) = (500, 64_000)

    /// Whether a write that has failed and was rolled back may run again: it met another write, found a key taken that it
    /// had not seen, or lost its connection before its COMMIT. If it met another write, this pauses, and allows it again
    /// and again for `limit` milliseconds.
    mutating func allow(after failure: PostgresError, isConnectionLost: Bool, atMost limit: Int) -> Bool {
        if failure.isOutcomeUnknown { return false }
        if failure.mayRunAgain { return pause(atMost: limit) }
        if failure.sqlState == "23505" {
            duplicates += 1
            return duplicates == 1
        }
        if isConnectionLost, failure.kind != .timeout {
            losses += 1
            return losses == 1
        }
        return false
    }

    private mutating func pause(atMost limit: Int) -> Bool {
        let now = MonotonicClock.nanoseconds
        if conflicts == 0 { start = now }
        guard now - start < Int64(limit) * 1_000_000 else { return false }
        usleep(UInt32.random(in: 0...min(Self.longest, Self.first << min(conflicts, 8))))
        conflicts += 1
        return true
    }
}
