import CPlatform
import Glibc
import Platform
import Wire

/// The environment that functions are started with.
final class ChildEnvironment {
    /// Variables that are passed on: what any program needs.
    static let commonNames = ["PATH", "HOME", "LANG", "LC_ALL", "TZ", "TMPDIR"]
    /// Variables that are passed on because the functions understand them.
    static let names =
        ["DATA_DIR", "JWT_SECRET", "REGISTRATION", "ACCESS_TOKEN_TTL", "TRUSTED_PROXIES", "CORS_ORIGINS"]
        + Environment.proxyNames + Environment.certificateNames
    /// What the names of further such variables begin with.
    static let prefixes = [
        "MAX_", "RATE_LIMIT_", "LLM_", "WEBHOOK_", "WEBHOOKS_", "BACKUP_", "SEARCH_", "DATABASE_", "PDF_", "REFRESH_",
        "QUOTA_", "MIN_FREE_",
    ]

    fileprivate let variables: ChildVariables

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
        variables = ChildVariables(passed)
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
        let standardInput = hasInput ? input.read : open("/dev/null", O_RDONLY | O_CLOEXEC)
        if !hasInput, standardInput >= 0 { opened.append(standardInput) }
        let child = ChildStart(
            path, arguments: [path] + arguments, variables: environment.variables,
            descriptors: [standardInput, output.write, errors.write], endsWithParent: false)
        let pid = child.start()
        guard pid > 0 else { throw fail(errno) }
        for descriptor in [standardInput, output.write, errors.write] where descriptor >= 0 { close(descriptor) }
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
}
