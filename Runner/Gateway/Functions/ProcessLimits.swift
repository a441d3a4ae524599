import CPlatform
import Glibc

/// What the kernel lets one process use.
///
/// Memory is what the process makes for itself (`RLIMIT_DATA`: heap and private writable mappings), not the
/// address space (`RLIMIT_AS`), of which some runtimes reserve far more than they ever use.
///
/// Processor time is for one request. The kernel counts over a process's whole life, so the limit is moved on
/// with the tick, whenever the process has come further since the last time; quick requests cost nothing that
/// way. It also ends a process that runs hot while it has nothing to do.
struct ProcessLimits {
    private let pid: pid_t
    private let processorSeconds: Int
    /// How far the process was when the limit was moved.
    private var last: (served: Int, isBusy: Bool)?

    init(_ pid: pid_t, _ limits: FunctionLimits) {
        self.pid = pid
        processorSeconds = limits.processorSeconds
        // The process has only just begun; what it does before this is what its start takes.
        if limits.memory > 0 { platform_limit_memory(pid, UInt64(limits.memory)) }
        platform_limit_core(pid)
        renew(served: 0, isBusy: false)
    }

    mutating func renew(served: Int, isBusy: Bool) {
        guard processorSeconds > 0 else { return }
        if let last, last == (served, isBusy) { return }
        last = (served, isBusy)
        platform_limit_processor(pid, UInt64(processorSeconds))
    }
}
