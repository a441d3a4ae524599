import CPlatform
import Glibc

/// System calls on file descriptors, with interruptions retried.
enum Descriptor {
    /// What one read or write did.
    enum Transfer {
        /// At least one byte moved.
        case bytes(Int)
        /// Nothing can move now; wait for the next event.
        case blocked
        /// The end of the file, or the other side is gone.
        case ended
    }

    static func read(_ descriptor: Int32, into buffer: UnsafeMutableRawBufferPointer) -> Transfer {
        while true {
            let count = Glibc.read(descriptor, buffer.baseAddress, buffer.count)
            if count > 0 { return .bytes(count) }
            if count == 0 { return .ended }
            if errno == EINTR { continue }
            return errno == EAGAIN ? .blocked : .ended
        }
    }

    static func write(_ descriptor: Int32, _ bytes: UnsafeBufferPointer<UInt8>) -> Transfer {
        while true {
            let count = Glibc.write(descriptor, bytes.baseAddress, bytes.count)
            if count >= 0 { return .bytes(count) }
            if errno == EINTR { continue }
            return errno == EAGAIN ? .blocked : .ended
        }
    }

    /// Sends on a socket without waiting.
    static func send(_ socket: Int32, _ bytes: UnsafeBufferPointer<UInt8>) -> Transfer {
        while true {
            let count = Glibc.send(
                socket, bytes.baseAddress, bytes.count, Int32(MSG_NOSIGNAL) | Int32(MSG_DONTWAIT))
            if count >= 0 { return .bytes(count) }
            if errno == EINTR { continue }
            return errno == EAGAIN ? .blocked : .ended
        }
    }

    /// A pipe, both ends close-on-exec and blocking; nil (with `errno`) when there is none to be had.
    static func pipe() -> (read: Int32, write: Int32)? {
        var ends: [Int32] = [-1, -1]
        guard pipe2(&ends, O_CLOEXEC) == 0 else { return nil }
        return (ends[0], ends[1])
    }

    static func makeNonBlocking(_ descriptor: Int32) {
        let flags = fcntl(descriptor, F_GETFL)
        _ = fcntl(descriptor, F_SETFL, flags | O_NONBLOCK)
    }

    /// Opens what is missing of the three standard descriptors, so that no socket or pipe ever
    /// becomes one of them by chance, and closes on exec all that the parent left open.
    static func secureInherited() {
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
    static func raiseLimit() -> Int {
        var limit = rlimit()
        guard getrlimit(__rlimit_resource_t(UInt32(RLIMIT_NOFILE.rawValue)), &limit) == 0 else { return 1024 }
        limit.rlim_cur = min(limit.rlim_max, 65_536)
        _ = setrlimit(__rlimit_resource_t(UInt32(RLIMIT_NOFILE.rawValue)), &limit)
        return Int(limit.rlim_cur)
    }
}
