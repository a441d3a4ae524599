/// Where a function's process stands in its life.
enum ProcessStage {
    case serving
    /// Its input is closed, and it is killed if it has not ended by then.
    case leaving(killAt: Int64)
    /// Killed, or known to have ended, but not reaped yet.
    case lost
}
