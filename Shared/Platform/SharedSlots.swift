import Glibc

/// A number of slots shared by all processes of an installation: bytes 1 and up of a file, each locked by its holder.
/// The kernel releases a slot when its process ends for any reason.
///
/// Byte 0 is the head of the queue. Its holder gets the next free slot; all others wait for the head first, including a
/// process that just released a slot. So one upload of many documents does not starve the others.
public struct SharedSlots: Sendable {
    private let path: String
    private let count: Int
    private let patience: Int

    /// - Parameters:
    ///   - count: the number of slots; nil for half the processors, at least 1.
    ///   - patience: how long to wait for a slot, in seconds.
    public init(path: String, count: Int?, patience: Int) {
        self.path = path
        self.count = count ?? max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN)) / 2)
        self.patience = patience
    }

    /// Why no slot was taken.
    public enum Failure: Error, Equatable, Sendable {
        /// None became free within this many seconds.
        case busy(seconds: Int)
        /// The file cannot be used.
        case unusable(cause: String)
    }

    /// A slot, held until it is released.
    public struct Slot {
        fileprivate let descriptor: Int32

        public func release() { close(descriptor) }
    }

    /// Waits for a slot.
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
