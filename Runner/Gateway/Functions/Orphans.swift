import CPlatform
import Glibc
import Platform
import Wire

/// Ends the processes that functions leave running. Killing a process group reaches a function's children, but not a
/// daemon, which has left the group. When its parent ends, the daemon becomes a child of the gateway, which finds it
/// here.
enum Orphans {
    /// Makes this process the new parent of orphans, instead of init.
    static func adopt() { platform_adopt_orphans() }

    /// Kills every child of this process that is not in `known`.
    static func end(besides known: Set<pid_t>) {
        for child in children() where !known.contains(child) {
            kill(child, SIGKILL)
            waitpid(child, nil, WNOHANG)
        }
    }

    private static func children() -> [pid_t] {
        // All processes are started by the main thread, which therefore also adopts the orphans.
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
