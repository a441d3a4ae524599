import Glibc

/// A number of places that all processes of an installation share: bytes 1 and up of a file, each locked by its holder.
/// The kernel releases a place when its process ends, in whatever way.
///
/// Byte 0 is the head of the queue. Its holder gets the next free place; all others wait for the head first, including a
/// process that just released a place. So one upload of many documents does not keep the place from the others.
public struct SharedSlots: Sendable {
    private let path: String
    private let count: Int
    private let patience: Int

    /// - Parameters:
    ///   - count: how many places there are; half the processors, at least 1, if nil.
    ///   - patience: seconds to wait for a place.
    public init(path: String, count: Int?, patience: Int) {
        self.path = path
        self.count = count ?? max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN)) / 2)
        self.patience = patience
    }

    /// Why there is no place.
    public enum Failure: Error, Equatable, Sendable {
        /// None became free in time; how many seconds that took.
        case busy(seconds: Int)
        /// The file cannot be used.
        case unusable(cause: String)
    }

    /// A place, until it is released.
    public struct Slot {
        fileprivate let descriptor: Int32

        public func release() { close(descriptor) }
    }

    /// Waits for a place.
    public func take() throws(Failure) -> Slot {
        let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw .unusable(cause: "\(path): errno \(errno)") }
        let deadline = Moment.now + patience
        var isHead = false
        repeat {
            if !isHead { isHead = RecordLock.take(descriptor, at: 0) }
            if isHead, (1...count).contains(where: { RecordLock.take(descriptor, at: Int64($0)) }) {
                RecordLock.release(descriptor, at: 0)
                return Slot(descriptor: descriptor)
            }
            usleep(Self.pause)
        } while Moment.now < deadline
        close(descriptor)
        throw .busy(seconds: max(1, patience))
    }

    /// Microseconds between two attempts.
    private static let pause: UInt32 = 20_000
}
