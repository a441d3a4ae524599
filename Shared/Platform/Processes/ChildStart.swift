import CPlatform
import Glibc

/// The environment of a child, in the form that execve(2) expects.
public final class ChildVariables {
    fileprivate let pointers: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>
    private let count: Int

    public init(_ variables: [String: String]) {
        count = variables.count
        pointers = .allocate(capacity: count + 1)
        for (index, variable) in variables.enumerated() {
            pointers[index] = strdup("\(variable.key)=\(variable.value)")
        }
        pointers[count] = nil
    }

    deinit {
        for index in 0..<count { free(pointers[index]) }
        pointers.deallocate()
    }
}

/// A program to be started as a child, in a new process group, with default signal dispositions and without core dumps.
public struct ChildStart {
    /// It is not looked up in `PATH`.
    public var path: String
    /// Includes the program's name.
    public var arguments: [String]
    public var variables: ChildVariables
    /// The child's descriptors 0, 1, 2, …; it gets no others.
    public var descriptors: [Int32]
    /// Bytes of address space (`RLIMIT_AS`) and seconds of processor time (`RLIMIT_CPU`); 0 for no limit.
    public var memory = 0
    public var processorSeconds = 0
    /// Whether it is killed when the thread that starts it ends.
    public var endsWithParent: Bool

    public init(
        _ path: String, arguments: [String], variables: ChildVariables, descriptors: [Int32], endsWithParent: Bool
    ) {
        self.path = path
        self.arguments = arguments
        self.variables = variables
        self.descriptors = descriptors
        self.endsWithParent = endsWithParent
    }

    /// - Returns: the process id, or -1 with `errno` set, also if execve(2) failed.
    public func start() -> pid_t {
        let words = arguments.map { strdup($0) } + [nil]
        defer {
            let reason = errno
            for word in words { free(word) }
            errno = reason
        }
        return path.withCString { path in
            words.withUnsafeBufferPointer { words in
                descriptors.withUnsafeBufferPointer { descriptors in
                    var child = platform_child(
                        path: path, arguments: words.baseAddress, environment: variables.pointers,
                        descriptors: descriptors.baseAddress, descriptor_count: Int32(descriptors.count),
                        memory: UInt64(max(0, memory)), processor_seconds: UInt64(max(0, processorSeconds)),
                        ends_with_parent: endsWithParent ? 1 : 0)
                    return platform_start_child(&child)
                }
            }
        }
    }
}

/// How a process ended.
public enum ProcessEnd: Equatable, Sendable, CustomStringConvertible {
    case exited(Int32)
    case signalled(Int32)

    /// - Parameter status: from waitpid(2).
    public init(status: Int32) {
        let signal = status & 0x7F
        self = signal == 0 ? .exited(status >> 8 & 0xFF) : .signalled(signal)
    }

    public var description: String {
        switch self {
        case .exited(let code): "exit code \(code)"
        case .signalled(let signal): "signal \(signal)"
        }
    }

    public var isSignal: Bool { if case .signalled = self { true } else { false } }

    /// Reaps a child that leads a process group, if it has ended, and ends the rest of the group.
    public static func reap(_ process: pid_t) -> ProcessEnd? {
        guard platform_has_ended(process) != 0 else { return nil }
        return endGroup(of: process)
    }

    /// Kills a child's process group and waits for the child.
    static func endGroup(of process: pid_t) -> ProcessEnd {
        // NB: do this before reaping the child. After that, its number may belong to another group.
        kill(-process, SIGKILL)
        var status: Int32 = 0
        while waitpid(process, &status, 0) < 0, errno == EINTR {}
        return ProcessEnd(status: status)
    }
}
