import CPlatform
import Glibc

/// SIGTERM and SIGINT as something to wait for, so that they come between requests and not amid one.
struct TerminationSignals {
    /// Readable once such a signal has come.
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
