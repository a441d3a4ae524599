import Glibc

/// Places that all processes of an installation share: byte 1 and following of a file, each locked by who has it. The
/// kernel gives a place back when its process ends, in whatever way.
///
/// Byte 0 is the head of the queue. Who holds it gets the next place; everybody else, also who just gave a place
/// back, waits for the head first. So one upload of many documents does not keep the place from the others.
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

    /// A place, until it is released.
    struct Slot {
        fileprivate let descriptor: Int32

        func release() { close(descriptor) }
    }

    /// Waits for a place. Throws `busy` when there was none in time, `unavailable` when the file cannot be used.
    func take() throws(ExtractionError) -> Slot {
        let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else {
            throw .unavailable("PDF documents cannot be read at the moment", cause: "\(path): errno \(errno)")
        }
        let deadline = Self.now + patience * 1000
        var isHead = false
        repeat {
            if !isHead { isHead = Self.lock(descriptor, byte: 0, F_WRLCK) }
            if isHead, (1...count).contains(where: { Self.lock(descriptor, byte: $0, F_WRLCK) }) {
                _ = Self.lock(descriptor, byte: 0, F_UNLCK)
                return Slot(descriptor: descriptor)
            }
            usleep(Self.pause)
        } while Self.now < deadline
        close(descriptor)
        throw .busy("Too many PDF documents are being read at the moment; try again", seconds: max(1, patience))
    }

    /// Microseconds between two attempts.
    private static let pause: UInt32 = 20_000

    /// Whether it worked, without waiting.
    private static func lock(_ descriptor: Int32, byte: Int, _ type: Int32) -> Bool {
        var record = flock()
        record.l_type = Int16(type)
        record.l_whence = Int16(SEEK_SET)
        record.l_start = off_t(byte)
        record.l_len = 1
        // Of the open file, not of the process (fcntl(2), "Open file description locks").
        return fcntl(descriptor, openFileSetLock, &record) == 0
    }

    /// `F_OFD_SETLK`, which Swift's Glibc leaves out.
    private static let openFileSetLock: Int32 = 37

    /// Milliseconds on a clock that nobody sets.
    private static var now: Int {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return time.tv_sec * 1000 + time.tv_nsec / 1_000_000
    }
}
