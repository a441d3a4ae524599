import CPlatform
import Glibc

/// Receives signals on the event loop.
final class SignalWatch: EventHandler {
    private let loop: EventLoop
    private var onSignal: (Int32) -> Void = { _ in }

    init(_ loop: EventLoop) { self.loop = loop }

    /// From now on, passes SIGTERM, SIGINT and SIGCHLD to `onSignal`, and SIGHUP unless it is ignored.
    func begin(_ onSignal: @escaping (Int32) -> Void) {
        self.onSignal = onSignal
        signal(SIGPIPE, SIG_IGN)
        Orphans.adopt()
        var set = sigset_t()
        sigemptyset(&set)
        var numbers = [SIGTERM, SIGINT, SIGCHLD]
        // The terminal was closed. A program started with nohup survives that.
        if platform_is_ignored(SIGHUP) == 0 { numbers.append(SIGHUP) }
        for number in numbers { sigaddset(&set, number) }
        sigprocmask(SIG_BLOCK, &set, nil)
        loop.add(signalfd(-1, &set, Int32(SFD_CLOEXEC) | Int32(SFD_NONBLOCK)), .readable, handler: self)
    }

    func handle(_ events: Events, on descriptor: Int32) {
        var information = signalfd_siginfo()
        let size = MemoryLayout<signalfd_siginfo>.size
        while withUnsafeMutableBytes(of: &information, { Glibc.read(descriptor, $0.baseAddress, size) }) == size {
            onSignal(Int32(information.ssi_signo))
        }
    }
}
