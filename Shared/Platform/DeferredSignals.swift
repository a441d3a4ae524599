import Glibc

/// Keeps SIGINT, SIGTERM and SIGHUP from ending the process until this object is released, so that unfinished work can
/// be undone first.
public final class DeferredSignals {
    private var before = sigset_t()
    private var isComplete = false

    public init() {
        var signals = Self.signals
        sigprocmask(SIG_BLOCK, &signals, &before)
    }

    /// Whether one has arrived.
    public var isPending: Bool {
        var pending = sigset_t()
        sigpending(&pending)
        return Self.numbers.contains { sigismember(&pending, $0) == 1 }
    }

    /// The work can no longer be undone: one that has arrived is ignored, so that the response is sent.
    public func complete() { isComplete = true }

    deinit {
        var (signals, none) = (Self.signals, timespec())
        while isComplete, sigtimedwait(&signals, nil, &none) > 0 {}
        sigprocmask(SIG_SETMASK, &before, nil)
    }

    private static let numbers = [SIGINT, SIGTERM, SIGHUP]

    private static var signals: sigset_t {
        var signals = sigset_t()
        sigemptyset(&signals)
        for signal in numbers { sigaddset(&signals, signal) }
        return signals
    }
}
