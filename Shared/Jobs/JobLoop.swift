import Platform
import Storage

/// Does the work that outlives requests.
///
/// Such work is a row of the table `jobs`, written in the transaction that causes it (`JobStore`). Any number of
/// processes run this loop at once: a job is claimed under a lease before it is done, and if its process dies, another
/// claims it when the lease ends. A kind of work is a value (`JobKind`). In each run, each kind gets a turn and does at
/// least one piece of work, so that none waits until all the work of another is done. Within a kind, workspaces take
/// turns.
public struct JobLoop {
    private let store: Store
    private let kinds: [JobKind]
    private let isStopping: () -> Bool

    /// How often a process checks whether the clock was set back, in seconds.
    private static let clockInterval = 60
    /// Safe: a process serves one request at a time, on one thread.
    nonisolated(unsafe) private static var nextClockCheck = Moment.now

    /// - Parameter isStopping: called between pieces of work; returns true if this process should end.
    public init(_ store: Store, _ kinds: [JobKind], isStopping: @escaping () -> Bool) {
        (self.store, self.kinds, self.isStopping) = (store, kinds, isStopping)
    }

    /// Gives each kind its turn. If one fails, the others still get theirs before the error is thrown.
    ///
    /// - Returns: true if no due job is left.
    public func run() throws -> Bool {
        try correctTimes()
        var isDone = true
        var failure: (any Error)?
        for kind in kinds {
            if isStopping() { return false }
            do { isDone = try run(kind) && isDone } catch {
                // The first error is thrown; the caller logs it.
                if failure == nil { failure = error } else { Self.log(error, kind) }
            }
        }
        if let failure { throw failure }
        return isDone
    }

    private static func log(_ error: any Error, _ kind: JobKind) {
        Log.write(.error, "A job failed", ["kind": .string(kind.kind.rawValue), "cause": .string("\(error)")])
    }

    private func run(_ kind: JobKind) throws -> Bool {
        let turn = JobTurn(end: Moment.now.adding(milliseconds: kind.milliseconds), isStopping: isStopping)
        while try kind.work(turn) {
            if turn.isOver { return false }
        }
        return true
    }

    private func correctTimes() throws {
        let now = Moment.now
        guard now >= Self.nextClockCheck else { return }
        Self.nextClockCheck = now + Self.clockInterval
        for kind in kinds { try store.jobs.correctTimes(of: kind.kind, kind.times, at: .now()) }
    }
}
