import CPlatform
import Glibc

/// SIGTERM and SIGINT as a descriptor to poll, so that they arrive between requests and never during one.
struct TerminationSignals {
    /// Readable once such a signal has arrived.
    let descriptor: Int32

    init() {
        var signals = sigset_t()
        sigemptyset(&signals)
        sigaddset(&signals, SIGTERM)
        sigaddset(&signals, SIGINT)
        sigprocmask(SIG_BLOCK, &signals, nil)
        descriptor = signalfd(-1, &signals, Int32(SFD_CLOEXEC))
    }
}
