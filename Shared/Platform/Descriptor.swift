import CPlatform
import Glibc
import Wire

/// File descriptors, with interruptions retried.
public enum Descriptor {
    /// Writes everything; false when the reader is gone, the disk is full, or SIGTERM was held and came.
    /// - Parameter timeout: milliseconds without progress, for a descriptor that does not block; -1 for ever.
    @discardableResult
    public static func writeAll(
        _ bytes: UnsafeBufferPointer<UInt8>, to descriptor: Int32, timeout: Int32 = -1
    ) -> Bool {
        guard var position = bytes.baseAddress else { return true }
        var rest = bytes.count
        while rest > 0 {
            let written = Glibc.write(descriptor, position, rest)
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

    /// Reads what is there, at most `limit` bytes, waiting for the first. 0 at the end of the file,
    /// nil on an error.
    public static func read(from descriptor: Int32, into buffer: ByteBuffer, atMost limit: Int) -> Int? {
        let before = buffer.count
        var failed = false
        buffer.appendUninitialized(capacity: limit) { target in
            while true {
                let count = Glibc.read(descriptor, target.baseAddress, limit)
                if count >= 0 { return count }
                if errno == EINTR { continue }
                failed = true
                return 0
            }
        }
        return failed ? nil : buffer.count - before
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
        var answer: Int32 = 0
        var length = socklen_t(MemoryLayout<Int32>.size)
        return getsockopt(descriptor, SOL_SOCKET, SO_ACCEPTCONN, &answer, &length) == 0 && answer == 1
    }
}
