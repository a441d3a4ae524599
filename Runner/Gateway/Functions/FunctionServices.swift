import Glibc

/// What all processes of all functions share.
final class FunctionServices {
    let loop: EventLoop
    let log: GatewayLog
    let environment: ChildEnvironment
    let limits: FunctionLimits
    let reader = AnswerReader()
    /// Where output is read to: as much as a pipe holds. Never used across two calls.
    let scratch = UnsafeMutableRawBufferPointer.allocate(byteCount: 64 * 1024, alignment: 16)
    weak var pools: FunctionPools?
    /// Whether there are descriptors enough to hold every executable open.
    let holdsExecutables: Bool
    /// Below so many, all are for connections and processes.
    private static let fewDescriptors = 256

    /// - Parameter descriptors: how many the system grants.
    init(loop: EventLoop, log: GatewayLog, environment: ChildEnvironment, limits: FunctionLimits, descriptors: Int) {
        holdsExecutables = descriptors >= Self.fewDescriptors
        self.loop = loop
        self.log = log
        self.environment = environment
        self.limits = limits
    }

    deinit { scratch.deallocate() }
}

/// Bounds on processes and queues.
struct FunctionLimits {
    /// Processes of one function. More than there are processors: many wait, for a model or for the disk.
    var processesPerFunction = max(8, min(32, 8 * Self.processors), 2 * Self.processors)
    /// Processes that a function has even when nothing is asked of it.
    var warmProcesses = 0
    /// Other bounds for single functions, by name.
    var ranges: [String: ClosedRange<Int>] = [:]
    /// Bytes of memory that a process may make for itself; 0 for no limit.
    var memory = 2 * 1024 * 1024 * 1024
    /// Seconds of processor time for one request; 0 for no limit.
    var processorSeconds = 300
    /// Processes of all functions: several of them may be busy to their own bound.
    var processes = max(128, 8 * Self.processors)
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

    private static let processors = sysconf(Int32(_SC_NPROCESSORS_ONLN))

    func processes(of function: String) -> ClosedRange<Int> {
        ranges[function] ?? min(warmProcesses, processesPerFunction)...processesPerFunction
    }
}
