import CPlatform
import Glibc
import Wire

/// System calls on file descriptors. Calls interrupted by a signal are repeated.
public enum Descriptor {
    /// The result of one read or write.
    public enum Transfer {
        /// At least one byte moved.
        case bytes(Int)
        /// Nothing can be transferred now; wait for the next event.
        case blocked
        /// The end of the file, or the other side is gone.
        case ended
    }

    public static func read(_ descriptor: Int32, into buffer: UnsafeMutableRawBufferPointer) -> Transfer {
        let count = repeating { Glibc.read(descriptor, buffer.baseAddress, buffer.count) }
        if count > 0 { return .bytes(count) }
        return count < 0 && errno == EAGAIN ? .blocked : .ended
    }

    public static func write(_ descriptor: Int32, _ bytes: Bytes) -> Transfer {
        let count = repeating { Glibc.write(descriptor, bytes.baseAddress, bytes.count) }
        if count >= 0 { return .bytes(count) }
        return errno == EAGAIN ? .blocked : .ended
    }

    /// Sends on a socket without waiting.
    public static func send(_ socket: Int32, _ bytes: Bytes) -> Transfer {
        let count = repeating {
            Glibc.send(socket, bytes.baseAddress, bytes.count, Int32(MSG_NOSIGNAL) | Int32(MSG_DONTWAIT))
        }
        if count >= 0 { return .bytes(count) }
        return errno == EAGAIN ? .blocked : .ended
    }

    /// Writes everything. Returns false if the reader is gone, the disk is full, or SIGTERM arrived while it was held.
    /// - Parameter timeout: milliseconds without progress, for a non-blocking descriptor; -1 for no limit.
    @discardableResult
    public static func writeAll(_ bytes: Bytes, to descriptor: Int32, timeout: Int32 = -1) -> Bool {
        guard var position = bytes.baseAddress else { return true }
        var rest = bytes.count
        while rest > 0 {
            let written = Glibc.write(descriptor, position, rest)
            if written == 0 { return false }
            if written < 0 {
                if platform_is_terminated() != 0 { return false }
                if errno == EINTR { continue }
                guard errno == EAGAIN else { return false }
                var waiting = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
                if poll(&waiting, 1, timeout) == 0 { return false }
                continue
            }
            position += written
            rest -= written
        }
        return true
    }

    /// Waits for data and reads at most `limit` bytes. Returns 0 at the end of the file, and nil with `errno` set on an
    /// error, including EAGAIN.
    public static func read(from descriptor: Int32, into buffer: ByteBuffer, atMost limit: Int) -> Int? {
        var count = 0
        buffer.appendUninitialized(capacity: limit) { target in
            count = repeating { Glibc.read(descriptor, target.baseAddress, limit) }
            return max(0, count)
        }
        return count < 0 ? nil : count
    }

    /// Makes a system call, and repeats it while a signal interrupts it.
    @inlinable @inline(__always)
    public static func repeating(_ call: () -> Int) -> Int {
        while true {
            let result = call()
            if result >= 0 || errno != EINTR { return result }
        }
    }

    /// Whether a read would return at once.
    /// - Parameter milliseconds: how long to wait for that.
    public static func isReadable(_ descriptor: Int32, within milliseconds: Int32 = 0) -> Bool {
        var waiting = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        return poll(&waiting, 1, milliseconds) > 0
    }

    /// Whether the other end no longer reads.
    public static func hasLostReader(_ descriptor: Int32) -> Bool {
        var waiting = pollfd(fd: descriptor, events: 0, revents: 0)
        return poll(&waiting, 1, 0) > 0
    }

    /// Whether it is a listening socket.
    public static func isListening(_ descriptor: Int32) -> Bool {
        var isListening: Int32 = 0
        var length = socklen_t(MemoryLayout<Int32>.size)
        return getsockopt(descriptor, SOL_SOCKET, SO_ACCEPTCONN, &isListening, &length) == 0 && isListening == 1
    }

    /// A pipe with both ends close-on-exec and blocking; nil with `errno` set if the system has none left.
    public static func pipe() -> (read: Int32, write: Int32)? {
        var ends: [Int32] = [-1, -1]
        guard pipe2(&ends, O_CLOEXEC) == 0 else { return nil }
        return (ends[0], ends[1])
    }

    public static func makeNonBlocking(_ descriptor: Int32) {
        let flags = fcntl(descriptor, F_GETFL)
        _ = fcntl(descriptor, F_SETFL, flags | O_NONBLOCK)
    }

    /// Opens any of the three standard descriptors that are closed, so that no socket or pipe accidentally becomes one
    /// of them. Marks every other descriptor left open by the parent close-on-exec.
    public static func secureInherited() {
        while true {
            let opened = open("/dev/null", O_RDWR)
            if opened < 0 { break }
            if opened > 2 {
                close(opened)
                break
            }
        }
        for descriptor in Int32(3)..<256 where fcntl(descriptor, F_GETFD) >= 0 {
            _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
        }
    }

    /// Lets this process open as many descriptors as the system allows, at most 65,536.
    /// - Returns: the new limit.
    public static func raiseLimit() -> Int {
        var limit = rlimit()
        guard getrlimit(__rlimit_resource_t(UInt32(RLIMIT_NOFILE.rawValue)), &limit) == 0 else { return 1024 }
        limit.rlim_cur = min(limit.rlim_max, 65_536)
        _ = setrlimit(__rlimit_resource_t(UInt32(RLIMIT_NOFILE.rawValue)), &limit)
        return Int(limit.rlim_cur)
    }
}
