import Glibc

/// What all processes of all functions share.
final class FunctionServices {
    let loop: EventLoop
    let log: Log
    let environment: ChildEnvironment
    let limits: FunctionLimits
    let reader = AnswerReader()
    /// Where output is read to: as much as a pipe holds. Never used across two calls.
    let scratch = UnsafeMutableRawBufferPointer.allocate(byteCount: 64 * 1024, alignment: 16)
    weak var pools: FunctionPools?

    init(loop: EventLoop, log: Log, environment: ChildEnvironment, limits: FunctionLimits) {
        self.loop = loop
        self.log = log
        self.environment = environment
        self.limits = limits
    }

    deinit { scratch.deallocate() }
}

/// Bounds on processes and queues.
struct FunctionLimits {
    /// Processes of one function.
    var processesPerFunction = max(4, 2 * sysconf(Int32(_SC_NPROCESSORS_ONLN)))
    /// Processes of all functions.
    var processes = 64
    /// Seconds until an idle process is ended.
    var idleTimeout = 300.0
    /// Requests until a process is replaced.
    var requestsPerProcess = 10_000
    /// Requests that wait for a process.
    var queueLength = 1024
    /// Seconds that a request may wait for a process.
    var queueTimeout = 10.0
    /// Bytes in one line of an answer.
    var maximumAnswerBytes = 128 * 1024 * 1024
}

/// Which version of a file this is, as far as a stat can tell.
struct FileIdentity: Equatable {
    private let device: UInt64
    private let inode: UInt64
    private let size: Int64
    private let seconds: Int
    private let nanoseconds: Int

    /// Nil when there is no such file.
    init?(_ path: String) {
        var information = stat()
        guard stat(path, &information) == 0 else { return nil }
        device = UInt64(information.st_dev)
        inode = UInt64(information.st_ino)
        size = Int64(information.st_size)
        (seconds, nanoseconds) = (information.st_mtim.tv_sec, information.st_mtim.tv_nsec)
    }
}
