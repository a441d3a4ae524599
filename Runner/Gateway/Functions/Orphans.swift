import CPlatform
import Glibc
import Platform
import Wire

/// Ends the processes that functions leave behind. Killing a process's group reaches its children, but not
/// one that has left the group to live on as a daemon; such a one becomes a child of the gateway when its
/// parent ends, and is found there.
enum Orphans {
    /// Makes orphans children of this process rather than of the system's first.
    static func adopt() { platform_adopt_orphans() }

    /// Ends every child of this process that is not `known`.
    static func end(besides known: Set<pid_t>) {
        for child in children() where !known.contains(child) {
            kill(child, SIGKILL)
            waitpid(child, nil, WNOHANG)
        }
    }

    private static func children() -> [pid_t] {
        // One thread starts all processes, and adopts them.
        let descriptor = open("/proc/self/task/\(getpid())/children", O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return [] }
        defer { close(descriptor) }
        let list = ByteBuffer()
        var isAtEnd = false
        while !isAtEnd {
            list.appendUninitialized(capacity: 4096) { space in
                guard case .bytes(let count) = Descriptor.read(descriptor, into: UnsafeMutableRawBufferPointer(space))
                else {
                    isAtEnd = true
                    return 0
                }
                return count
            }
        }
        return list.text.split(atByte: " ").compactMap { pid_t($0) }
    }
}
