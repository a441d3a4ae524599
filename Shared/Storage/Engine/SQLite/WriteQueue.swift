import Glibc
import Platform
import Wire

/// A first-come, first-served queue for the writers of all processes of an installation.
///
/// SQLite waits by sleeping and retrying, with growing intervals, so those who have waited longest retry least often.
/// Here each writer draws a number and waits for the one before it: a queue lock (T. Craig, 1993, "Building FIFO and
/// priority-queuing spin locks from atomic swap") made of record locks. The kernel wakes exactly the next in line, and
/// releases the locks of a process that dies. The queue is advisory: SQLite's lock decides, and a writer whose
/// predecessor does not move proceeds without it when its time is up.
final class WriteQueue {
    private let descriptor: Int32

    /// If the file cannot be opened, nobody queues; opening the database then fails for the same reason.
    init(path: String) { descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600) }

    deinit { if descriptor >= 0 { close(descriptor) } }

    /// The head of the queue, held until `end`.
    struct Turn {
        fileprivate let descriptor: Int32
        fileprivate let number: Int64

        /// Lets the next writer continue.
        func end() { RecordLock.release(descriptor, at: number - 1, count: 2) }
    }

    /// Byte 0 guards the counter. Numbers are locked from this offset on, which no counter reaches.
    private static let firstNumber: Int64 = 1 << 20

    /// Waits for this process's turn until the deadline. Nil if there is no queue.
    func wait(until deadline: Deadline) -> Turn? {
        guard descriptor >= 0, RecordLock.take(descriptor, at: 0, waiting: deadline.remaining) else {
            return nil
        }
        var counter = Self.firstNumber
        withUnsafeMutableBytes(of: &counter) { _ = pread(descriptor, $0.baseAddress, $0.count, 0) }
        let number = max(counter, Self.firstNumber) &+ 1
        withUnsafeBytes(of: number) { _ = pwrite(descriptor, $0.baseAddress, $0.count, 0) }
        let turn = Turn(descriptor: descriptor, number: number)
        _ = RecordLock.take(descriptor, at: number)
        RecordLock.release(descriptor, at: 0)
        _ = RecordLock.take(descriptor, at: number - 1, waiting: deadline.remaining)
        return turn
    }
}

/// When to stop waiting, on the monotonic clock.
struct Deadline {
    private let moment: Moment

    init(after milliseconds: Int32) { moment = Moment.now.adding(milliseconds: Int64(milliseconds)) }

    /// In milliseconds; 0 after the deadline.
    var remaining: Int32 { Int32(clamping: max(0, moment.since(.now))) }
}
