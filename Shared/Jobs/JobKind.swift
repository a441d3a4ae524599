import Platform
import Storage

/// How the jobs of one kind are done.
public struct JobKind {
    let kind: Job.Kind
    let times: JobStore.Times
    /// How long a turn begins further pieces of work.
    let milliseconds: Int64
    let work: (JobTurn) throws -> Bool

    /// - Parameters:
    ///   - times: how long its jobs can be leased and can wait.
    ///   - milliseconds: how long a turn begins further pieces of work. It always does one.
    ///   - work: claims what is due and does a piece of it. False when nothing is due.
    public init(
        _ kind: Job.Kind, _ times: JobStore.Times, milliseconds: Int64, work: @escaping (JobTurn) throws -> Bool
    ) {
        (self.kind, self.times, self.milliseconds, self.work) = (kind, times, milliseconds, work)
    }

    /// Removes the passages of documents that were removed.
    public static func purge(_ store: Store, milliseconds: Int64) -> JobKind {
        JobKind(.purge, Store.purgeTimes, milliseconds: milliseconds) { _ in try store.purgeBatch(at: .now()) }
    }

    /// Removes the files of documents that were removed. What a backup keeps waits for the next run.
    public static func orphans(_ store: Store) -> JobKind {
        JobKind(.orphans, Store.purgeTimes, milliseconds: 0) { _ in
            try store.removeOrphans(at: .now())
            return false
        }
    }

    /// Removes what has expired.
    public static func sweep(_ store: Store, _ retention: Retention, milliseconds: Int64) -> JobKind {
        JobKind(.sweep, Store.sweepTimes, milliseconds: milliseconds) { turn in
            try store.sweep(retention, until: turn.end, at: .now())
        }
    }
}

/// The time that a kind of job has in one run.
public struct JobTurn {
    public let end: Moment
    public let isStopping: () -> Bool

    public var isOver: Bool { Moment.now >= end || isStopping() }
}
