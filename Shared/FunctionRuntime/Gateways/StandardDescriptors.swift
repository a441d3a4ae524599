import Glibc

/// Descriptors 0, 1 and 2, which servers leave in many states.
enum StandardDescriptors {
    /// Fills those that are closed, so that no database file can become what a log line is written
    /// to. Not with `/dev/null`, which an empty root has not.
    static func secure() {
        for descriptor in STDIN_FILENO...STDERR_FILENO where fcntl(descriptor, F_GETFD) < 0 {
            guard let broken = brokenPipe(), broken != descriptor else { continue }
            dup2(broken, descriptor)
            close(broken)
        }
    }

    /// Takes the real stdout away and returns it: from now on a stray `print` goes to stderr and
    /// cannot corrupt an answer. A reader that has gone becomes an error of the write, not a signal.
    static func takeOutput() -> Int32 {
        let output = fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, 3)
        divertOutput()
        return output
    }

    /// For gateways that take no answers on stdout.
    static func divertOutput() {
        signal(SIGPIPE, SIG_IGN)
        dup2(STDERR_FILENO, STDOUT_FILENO)
    }

    /// Where nothing can be read from and what is written fails.
    private static func brokenPipe() -> Int32? {
        var ends: [Int32] = [-1, -1]
        guard pipe(&ends) == 0 else { return nil }
        close(ends[1])
        return ends[0]
    }
}
