import Glibc

/// Limits on processes and queues.
package struct FunctionLimits {
    /// Processes per function. More than the number of processors, because many wait for a model or the disk; and with
    /// many connections, processes answer more requests than with few, because work is handed out before anyone waits.
    package var processesPerFunction = max(8, min(32, 8 * Self.processors), 2 * Self.processors)
    /// Processes per function that are kept even without requests.
    package var warmProcesses = 0
    /// Numbers of processes of individual functions, by name.
    package var ranges: [String: ClosedRange<Int>] = [:]
    /// Bytes of memory that a process may allocate; 0 for no limit.
    package var memory = 2 * 1024 * 1024 * 1024
    /// Seconds of processor time per request; 0 for no limit.
    package var processorSeconds = 300
    /// Processes of all functions together. It is enough for several functions to use their maximum at once.
    package var processes = max(128, 8 * Self.processors)
    /// Seconds until an idle process is ended.
    package var idleTimeout = 300.0
    /// Requests until a process is replaced.
    package var requestsPerProcess = 10_000
    /// Requests that may wait for a process.
    package var queueLength = 1024
    /// Seconds that a request may wait for a process.
    package var queueTimeout = 10.0
    /// The most bytes in one line of a response.
    package var maximumAnswerBytes = 128 * 1024 * 1024

    private static let processors = sysconf(Int32(_SC_NPROCESSORS_ONLN))

    func processes(of function: String) -> ClosedRange<Int> {
        ranges[function] ?? min(warmProcesses, processesPerFunction)...processesPerFunction
    }
}
