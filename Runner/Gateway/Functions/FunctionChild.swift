import Glibc
import Platform

/// A process of a function. It leads its own process group, and its standard descriptors are pipes. Our ends are
/// non-blocking and close-on-exec.
struct FunctionChild {
    let pid: pid_t
    /// -1 if the process has no input.
    let input: Int32
    let output: Int32
    let errors: Int32

    /// Why a process could not be started.
    struct StartError: Error, CustomStringConvertible {
        let code: Int32
        var description: String { String(cString: strerror(code)) }
        /// Whether a retry may succeed: the file is being written, or the system is short of a resource.
        var isTransient: Bool { [ETXTBSY, EMFILE, ENFILE, EAGAIN, ENOMEM].contains(code) }
        /// Whether descriptors ran out.
        var isOfDescriptors: Bool { code == EMFILE || code == ENFILE }
    }

    /// - Parameter hasInput: whether it reads from a pipe or from `/dev/null`.
    static func start(
        _ path: String, arguments: [String], environment: ChildEnvironment, hasInput: Bool
    ) throws(StartError) -> FunctionChild {
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
        guard standardInput >= 0 else { throw fail(errno) }
        if !hasInput { opened.append(standardInput) }
        let child = ChildStart(
            path, arguments: [path] + arguments, variables: environment.variables,
            descriptors: [standardInput, output.write, errors.write], endsWithParent: false)
        let pid = child.start()
        guard pid > 0 else { throw fail(errno) }
        for descriptor in [standardInput, output.write, errors.write] where descriptor >= 0 { close(descriptor) }
        for descriptor in [input.write, output.read, errors.read] where descriptor >= 0 {
            Descriptor.makeNonBlocking(descriptor)
        }
        return FunctionChild(pid: pid, input: input.write, output: output.read, errors: errors.read)
    }

    /// Ends a process that has not received a request.
    func discard() {
        kill(-pid, SIGKILL)
        while waitpid(pid, nil, 0) < 0 && errno == EINTR {}
        for descriptor in [input, output, errors] where descriptor >= 0 { close(descriptor) }
    }
}
