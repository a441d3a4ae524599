import Platform
import Storage

/// How to process one kind of job.
public struct JobKind {
    let kind: Job.Kind
    let times: JobStore.Times
    /// How long a turn keeps starting pieces of work.
    let milliseconds: Int64
    let work: (JobTurn) throws -> Bool

    /// - Parameters:
    ///   - times: the longest lease and delay of its jobs.
    ///   - milliseconds: how long a turn keeps starting pieces of work. It always starts one.
    ///   - work: claims a due job and does a piece of its work. Returns false if no job is due.
    public init(
        _ kind: Job.Kind, _ times: JobStore.Times, milliseconds: Int64, work: @escaping (JobTurn) throws -> Bool
    ) {
        (self.kind, self.times, self.milliseconds, self.work) = (kind, times, milliseconds, work)
    }

    /// Removes the passages of deleted documents.
    public static func purge(_ store: Store, milliseconds: Int64) -> JobKind {
        JobKind(.purge, Store.purgeTimes, milliseconds: milliseconds) { _ in try store.purgeBatch(at: .now()) }
    }

    /// Indexes documents again: those of earlier versions of the program, and renamed ones.
    public static func index(_ store: Store, milliseconds: Int64) -> JobKind {
        JobKind(.index, Store.indexTimes, milliseconds: milliseconds) { _ in try store.indexNext(at: .now()) }
    }

    /// Merges the segments of the index.
    public static func merge(_ store: Store, milliseconds: Int64) -> JobKind {
        JobKind(.merge, Store.mergeTimes, milliseconds: milliseconds) { _ in try store.mergeSegments(at: .now()) }
    }

    /// Makes the vectors of passages.
    ///
    /// - Parameter embedder: called before each piece of work; nil if no model is configured, or if it cannot be used.
    public static func embedding(
        _ store: Store, milliseconds: Int64, with embedder: @escaping () throws -> PassageEmbedder?
    ) -> JobKind {
        JobKind(.embedding, Store.embeddingTimes, milliseconds: milliseconds) { _ in
            try store.embedNext(with: try embedder(), at: .now())
        }
    }

    /// Removes the files of deleted documents. Files kept for a backup wait for the next run.
    public static func orphans(_ store: Store) -> JobKind {
        JobKind(.orphans, Store.orphanTimes, milliseconds: 0) { _ in
            try store.removeOrphans(at: .now())
            return false
        }
    }

    /// Removes expired rows and files.
    public static func sweep(_ store: Store, _ retention: Retention, milliseconds: Int64) -> JobKind {
        JobKind(.sweep, Store.sweepTimes, milliseconds: milliseconds) { turn in
            try store.sweep(retention, until: turn.end, at: .now())
        }
    }
}

/// The time that each kind of job gets in one run.
public struct JobTurn {
    public let end: Moment
    public let isStopping: () -> Bool

    public var isOver: Bool { Moment.now >= end || isStopping() }
}
