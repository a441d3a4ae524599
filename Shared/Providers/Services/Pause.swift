import Platform
import Synchronization

/// Spares people the wait for a server that has just failed: for some seconds, the same failure is reported at once.
final class Pause: Sendable {
    private static let seconds = 10

    private let current = Mutex<(failure: any Error, end: Moment)?>(nil)

    /// - Throws: what `body` throws, or threw a moment ago.
    func run<Answer>(_ body: () throws -> Answer) throws -> Answer {
        if let current = current.withLock({ $0 }), Moment.now < current.end { throw current.failure }
        do {
            let answer = try body()
            current.withLock { $0 = nil }
            return answer
        } catch {
            if Attempts.isTemporary(error) { current.withLock { $0 = (error, Moment.now + Self.seconds) } }
            throw error
        }
    }
}
