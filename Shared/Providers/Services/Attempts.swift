import Glibc
import Outbound
import Platform

/// Repeats a request that failed for a while: after 429, 5xx, time-outs and lost connections, with growing pauses that
/// are no shorter than the server's `Retry-After`, until the time is up.
struct Attempts {
    let maximum: Int
    /// Milliseconds for one attempt.
    let attemptTime: Int
    /// Until when all of them must end, with the pauses.
    let deadline: Moment
    /// The variable that sets the time, for the log.
    let variable: String
    /// Called at least every 50 ms; true ends everything at once.
    let isCancelled: (() -> Bool)?

    /// In milliseconds.
    private static let firstPause = 400
    private static let longestPause = 15_000
    /// A shorter attempt would only fail.
    private static let shortestAttempt: Int64 = 50

    /// - Parameter attempt: gets the milliseconds that it may take.
    /// - Throws: the last attempt's `ProviderFailure` or `OutboundError`.
    func run<Answer>(_ attempt: (_ milliseconds: Int) throws -> Answer) throws -> Answer {
        var count = 0
        while true {
            let left = deadline.since(.now)
            guard left >= Self.shortestAttempt else { throw ProviderFailure.silent(variable: variable) }
            do {
                return try attempt(min(attemptTime, Int(left)))
            } catch OutboundError.timedOut {
                count += 1
                try pause(after: count, failure: ProviderFailure.silent(variable: variable))
            } catch let error where Self.isTemporary(error) {
                count += 1
                try pause(after: count, failure: error)
            }
        }
    }

    /// Whether the same request may succeed a little later.
    static func isTemporary(_ error: any Error) -> Bool {
        switch error {
        case ProviderFailure.silent: true
        case let failure as ProviderFailure: failure.isTemporary
        case let error as OutboundError: error.isTemporary
        default: false
        }
    }

    /// Waits before the next attempt, or throws the failure if there is none.
    private func pause(after count: Int, failure: any Error) throws {
        guard count < maximum else { throw failure }
        let asked = (failure as? ProviderFailure)?.retryAfter ?? 0
        let growing = min(Self.firstPause << min(count - 1, 10), Self.longestPause)
        // Clients that failed together should not come back together.
        let milliseconds = max(Int.random(in: growing * 3 / 4...growing * 5 / 4), asked * 1000)
        let end = Moment.now.adding(milliseconds: Int64(milliseconds))
        guard end.adding(milliseconds: Self.shortestAttempt) < deadline else { throw failure }
        while Moment.now < end {
            if isCancelled?() == true { throw OutboundError.cancelled }
            usleep(UInt32(min(50, max(1, end.since(.now)))) * 1000)
        }
    }
}

extension ProviderFailure {
    fileprivate var retryAfter: Int? {
        if case .status(_, let seconds, _) = self { seconds } else { nil }
    }
}
