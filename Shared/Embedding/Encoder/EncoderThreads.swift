import Glibc

/// Threads for the length of a call. There are none between calls.
enum EncoderThreads {
    /// Runs `work` on up to `count` threads, one of which is the caller's, and waits for all of them. `work` takes from
    /// something shared until nothing is left, so it does not matter if the system starts fewer threads.
    static func run(_ count: Int, _ work: @Sendable () -> Void) {
        withoutActuallyEscaping(work) { work in
            // Signals are for the threads that were there before.
            var all = sigset_t(), before = sigset_t()
            sigfillset(&all)
            pthread_sigmask(SIG_SETMASK, &all, &before)
            var threads: [pthread_t] = []
            for _ in 1..<max(count, 1) {
                var thread = pthread_t()
                let box = Unmanaged.passRetained(Work(work))
                let status = pthread_create(&thread, nil, start, box.toOpaque())
                if status != 0 {
                    box.release()
                    break
                }
                threads.append(thread)
            }
            pthread_sigmask(SIG_SETMASK, &before, nil)
            work()
            for thread in threads { pthread_join(thread, nil) }
        }
    }

    private final class Work: Sendable {
        let body: @Sendable () -> Void
        init(_ body: @escaping @Sendable () -> Void) { self.body = body }
    }

    private static let start: @convention(c) (UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? = { argument in
        if let argument { Unmanaged<Work>.fromOpaque(argument).takeRetainedValue().body() }
        return nil
    }
}
