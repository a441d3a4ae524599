import Glibc

/// Descriptors 0, 1 and 2, which servers leave in many different states.
enum StandardDescriptors {
    /// Opens the ones that are closed, so that no database file can become stderr. Does not use `/dev/null`, which an
    /// empty root lacks.
    static func secure() {
        for descriptor in STDIN_FILENO...STDERR_FILENO where fcntl(descriptor, F_GETFD) < 0 {
            guard let broken = brokenPipe(), broken != descriptor else { continue }
            dup2(broken, descriptor)
            close(broken)
        }
    }

    /// Moves stdout to another descriptor and returns it, so that a stray `print` goes to stderr and cannot corrupt a
    /// response. Writing to a closed pipe becomes an error instead of a signal.
    static func takeOutput() -> Int32 {
        let output = fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, 3)
        divertOutput()
        return output
    }

    /// For gateways that do not read stdout.
    static func divertOutput() {
        signal(SIGPIPE, SIG_IGN)
        dup2(STDERR_FILENO, STDOUT_FILENO)
    }

    /// A pipe without a writer: reading returns nothing, and writing fails.
    private static func brokenPipe() -> Int32? {
        var ends: [Int32] = [-1, -1]
        guard pipe(&ends) == 0 else { return nil }
        close(ends[1])
        return ends[0]
    }
}
