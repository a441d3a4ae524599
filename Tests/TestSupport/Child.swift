import Foundation

/// Programs that tests start.
///
/// NB: posix_spawn and waitpid, not Foundation's Process: that one waits by running a run loop, which stalls when tests
/// occupy all threads.
public enum Child {
    public struct NotStarted: Error { public let program: String }

    /// The part of this process's environment that children get.
    public static let environment = ["PATH": ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin"]

    /// Starts a program, looked up in PATH unless it is a path. Returns its process id.
    /// - Parameters:
    ///   - folder: its working directory; nil for that of this process.
    ///   - errors: the file for stderr; nil for the same as `output`.
    public static func start(
        _ words: [String], in folder: URL? = nil, environment: [String: String] = Child.environment,
        input: String = "/dev/null", output: String, errors: String? = nil
    ) throws -> pid_t {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, 0, input, O_RDONLY, 0)
        posix_spawn_file_actions_addopen(&actions, 1, output, O_WRONLY | O_CREAT, 0o600)
        if let errors {
            posix_spawn_file_actions_addopen(&actions, 2, errors, O_WRONLY | O_CREAT, 0o600)
        } else {
            posix_spawn_file_actions_adddup2(&actions, 1, 2)
        }
        // Swift's threads block most signals, and a child would inherit that.
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        var none = sigset_t()
        sigemptyset(&none)
        posix_spawnattr_setsigmask(&attributes, &none)
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK))
        // `env` changes to the folder and then becomes the program.
        let all = (folder.map { ["/usr/bin/env", "-C", $0.path] } ?? []) + words
        let argv = all.map { strdup($0) } + [nil]
        let envp = environment.map { strdup("\($0.key)=\($0.value)") } + [nil]
        defer { for pointer in argv + envp { free(pointer) } }
        var child = pid_t()
        guard posix_spawnp(&child, all[0], &actions, &attributes, argv, envp) == 0 else {
            throw NotStarted(program: all[0])
        }
        return child
    }

    /// Waits for a child to end. Returns its status from waitpid(2).
    @discardableResult
    public static func wait(for child: pid_t) -> Int32 {
        var status: Int32 = 0
        while waitpid(child, &status, 0) < 0, errno == EINTR {}
        return status
    }

    /// The same; nil if the child has not ended in time.
    public static func wait(for child: pid_t, seconds: Int) -> Int32? {
        var status: Int32 = 0
        for _ in 0..<(seconds * 100) {
            if waitpid(child, &status, WNOHANG) == child { return status }
            usleep(10_000)
        }
        return nil
    }
}
