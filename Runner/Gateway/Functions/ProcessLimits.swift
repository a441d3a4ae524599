import CPlatform
import Glibc

/// The kernel's limits on one process.
///
/// Memory is what the process allocates (`RLIMIT_DATA`: heap and private writable mappings), not its address space
/// (`RLIMIT_AS`), of which some runtimes reserve far more than they use.
///
/// Processor time is limited per request. The kernel counts over the whole life of a process, so the tick raises the
/// limit whenever the process has made progress; that way, quick requests cost nothing. The limit also ends a process
/// that uses up processor time without a request.
struct ProcessLimits {
    private let pid: pid_t
    private let processorSeconds: Int
    /// How far the process had come when the limit was last raised.
    private var last: (served: Int, isBusy: Bool)?

    init(_ pid: pid_t, _ limits: FunctionLimits) {
        self.pid = pid
        processorSeconds = limits.processorSeconds
        // The process has only just started, so it cannot have used much yet.
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
