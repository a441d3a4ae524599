import CPlatform
import Glibc
import Wire

/// The environment that functions are started with, in the form that `posix_spawn` takes.
final class ChildEnvironment {
    /// Variables that are passed on: what any program needs.
    static let commonNames = ["PATH", "HOME", "LANG", "LC_ALL", "TZ", "TMPDIR"]
    /// Variables that are passed on because the functions understand them.
    static let names = [
        "DATA_DIR", "JWT_SECRET", "REGISTRATION", "ACCESS_TOKEN_TTL", "TRUSTED_PROXIES",
        "CORS_ORIGINS", "HTTPS_PROXY", "https_proxy", "NO_PROXY", "no_proxy",
    ]
    /// What the names of further such variables begin with.
    static let prefixes = [
        "MAX_", "RATE_LIMIT_", "LLM_", "EMBEDDING_", "WEBHOOK_", "WEBHOOKS_", "BACKUP_", "LOG_", "SEARCH_", "CHAT_",
        "DATABASE_", "PDF_", "REFRESH_", "QUOTA_", "MIN_FREE_",
    ]

    fileprivate let pointers: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>
    private let count: Int

    /// - Parameter additional: further names that are passed on (`--env`).
    init(_ environment: [String: String], dataDirectory: String, basePath: String, additional: [String]) {
        var passed = environment.filter { name, _ in
            Self.names.contains(name) || Self.commonNames.contains(name) || additional.contains(name)
                || Self.prefixes.contains { name.starts(withBytes: $0) }
        }
        passed["DATA_DIR"] = dataDirectory
        // Set to nothing, it would count as not set.
        passed["BASE_PATH"] = basePath.isEmpty ? "/" : basePath
        passed["NEXLAYER_RUNNER"] = "1"
        count = passed.count
        pointers = .allocate(capacity: count + 1)
        for (index, variable) in passed.enumerated() {
            pointers[index] = strdup("\(variable.key)=\(variable.value)")
        }
        pointers[count] = nil
    }

    deinit {
        for index in 0..<count { free(pointers[index]) }
        pointers.deallocate()
    }
}

/// A started process, leader of its own process group, with pipes to its standard descriptors.
/// Our ends do not block, and are closed on exec.
struct ChildProcess {
    let pid: pid_t
    /// -1 when the process was started without input.
    let input: Int32
    let output: Int32
    let errors: Int32

    /// Why a process could not be started.
    struct StartError: Error, CustomStringConvertible {
        let code: Int32
        var description: String { String(cString: strerror(code)) }
        /// Whether another try may help: the file is being written, or the system is short of something.
        var isPassing: Bool { [ETXTBSY, EMFILE, ENFILE, EAGAIN, ENOMEM].contains(code) }
        /// Whether there are too few descriptors.
        var isOfDescriptors: Bool { code == EMFILE || code == ENFILE }
    }

    /// - Parameter hasInput: whether it gets a pipe to read from, or nothing (`/dev/null`).
    static func start(
        _ path: String, arguments: [String], environment: ChildEnvironment, hasInput: Bool
    ) throws(StartError) -> ChildProcess {
        var opened: [Int32] = []
        func fail(_ code: Int32) -> StartError {
            for descriptor in opened { close(descriptor) }
            return StartError(code: code)
        }
        func makePipe() throws(StartError) -> (read: Int32, write: Int32) {
            guard let ends = Descriptor.pipe() else { throw fail(errno) }
            opened += [ends.read, ends.write]
            return ends
        }
        let input = hasInput ? try makePipe() : (read: -1, write: -1)
        let output = try makePipe()
        let errors = try makePipe()
        var pid: pid_t = 0
        let code = spawn(
            &pid, path, arguments, environment, standard: (input.read, output.write, errors.write))
        guard code == 0 else { throw fail(code) }
        for descriptor in [input.read, output.write, errors.write] where descriptor >= 0 { close(descriptor) }
        for descriptor in [input.write, output.read, errors.read] where descriptor >= 0 {
            Descriptor.makeNonBlocking(descriptor)
        }
        return ChildProcess(pid: pid, input: input.write, output: output.read, errors: errors.read)
    }

    /// Ends a process that has been given nothing to do.
    func discard() {
        kill(-pid, SIGKILL)
        while waitpid(pid, nil, 0) < 0 && errno == EINTR {}
        for descriptor in [input, output, errors] where descriptor >= 0 { close(descriptor) }
    }

    /// - Returns: 0, or the error's number.
    private static func spawn(
        _ pid: inout pid_t, _ path: String, _ arguments: [String], _ environment: ChildEnvironment,
        standard: (input: Int32, output: Int32, errors: Int32)
    ) -> Int32 {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        if standard.input >= 0 {
            posix_spawn_file_actions_adddup2(&actions, standard.input, 0)
        } else {
            posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
        }
        posix_spawn_file_actions_adddup2(&actions, standard.output, 1)
        posix_spawn_file_actions_adddup2(&actions, standard.errors, 2)

        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        var signals = sigset_t()
        sigemptyset(&signals)
        posix_spawnattr_setsigmask(&attributes, &signals)
        sigfillset(&signals)
        posix_spawnattr_setsigdefault(&attributes, &signals)
        posix_spawnattr_setpgroup(&attributes, 0)
        posix_spawnattr_setflags(
            &attributes, Int16(POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK))

        var words: [UnsafeMutablePointer<CChar>?] = ([path] + arguments).map { strdup($0) }
        defer { for word in words { free(word) } }
        words.append(nil)
        return posix_spawn(&pid, path, &actions, &attributes, words, environment.pointers)
    }
}

/// How a process ended.
enum ProcessEnd: Equatable, CustomStringConvertible {
    case exited(Int32)
    case signalled(Int32)

    init(status: Int32) {
        let signal = status & 0x7F
        self = signal == 0 ? .exited(status >> 8 & 0xFF) : .signalled(signal)
    }

    var description: String {
        switch self {
        case .exited(let code): "exit code \(code)"
        case .signalled(let signal): "signal \(signal)"
        }
    }

    var isSignal: Bool { if case .signalled = self { true } else { false } }

    /// Takes the end of a child, if it has ended; whatever it left behind in its process group is
    /// ended with it.
    static func reap(_ pid: pid_t) -> ProcessEnd? {
        var information = siginfo_t()
        // NB: the group is killed before its leader is taken, because after that the number of the
        // group may belong to somebody else.
        let result = waitid(P_PID, id_t(pid), &information, WEXITED | WNOHANG | WNOWAIT)
        guard result != 0 || information.si_signo != 0 else { return nil }
        kill(-pid, SIGKILL)
        var status: Int32 = 0
        while waitpid(pid, &status, 0) < 0 && errno == EINTR {}
        return ProcessEnd(status: status)
    }
}
