import CPlatform
import Glibc
import Wire

/// System calls on file descriptors. A call that a signal interrupts is repeated.
public enum Descriptor {
    /// What one read or write did.
    public enum Transfer {
        /// At least one byte moved.
        case bytes(Int)
        /// Nothing can move now; wait for the next event.
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

    /// Writes everything; false when the reader is gone, the disk is full, or SIGTERM was held and came.
    /// - Parameter timeout: milliseconds without progress, for a descriptor that does not block; -1 for ever.
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

    /// Reads what is there, at most `limit` bytes, waiting for the first. 0 at the end of the file, nil with `errno` on
    /// an error; EAGAIN is one.
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

    /// Whether reading would not wait.
    public static func isReadable(_ descriptor: Int32) -> Bool {
        var waiting = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        return poll(&waiting, 1, 0) > 0
    }

    /// Whether nobody can read any more what is written.
    public static func hasLostReader(_ descriptor: Int32) -> Bool {
        var waiting = pollfd(fd: descriptor, events: 0, revents: 0)
        return poll(&waiting, 1, 0) > 0
    }

    /// Whether it is a socket that connections can be accepted from.
    public static func isListening(_ descriptor: Int32) -> Bool {
        var isListening: Int32 = 0
        var length = socklen_t(MemoryLayout<Int32>.size)
        return getsockopt(descriptor, SOL_SOCKET, SO_ACCEPTCONN, &isListening, &length) == 0 && isListening == 1
    }

    /// A pipe, both ends close-on-exec and blocking; nil with `errno` when the system has none left.
    public static func pipe() -> (read: Int32, write: Int32)? {
        var ends: [Int32] = [-1, -1]
        guard pipe2(&ends, O_CLOEXEC) == 0 else { return nil }
        return (ends[0], ends[1])
    }

    public static func makeNonBlocking(_ descriptor: Int32) {
        let flags = fcntl(descriptor, F_GETFL)
        _ = fcntl(descriptor, F_SETFL, flags | O_NONBLOCK)
    }

    /// Opens what is missing of the three standard descriptors, so that no socket or pipe ever
    /// becomes one of them by chance, and closes on exec all that the parent left open.
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

    /// Lets this process open as many descriptors as the system grants, at most 65,536.
    /// - Returns: how many that is.
    public static func raiseLimit() -> Int {
        var limit = rlimit()
        guard getrlimit(__rlimit_resource_t(UInt32(RLIMIT_NOFILE.rawValue)), &limit) == 0 else { return 1024 }
        limit.rlim_cur = min(limit.rlim_max, 65_536)
        _ = setrlimit(__rlimit_resource_t(UInt32(RLIMIT_NOFILE.rawValue)), &limit)
        return Int(limit.rlim_cur)
    }
}
