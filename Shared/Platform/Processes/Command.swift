import Glibc
import Wire

/// A program and how to start it. It inherits nothing from this process except what is listed here: no environment, no
/// open files, no signal settings.
public struct Command: Sendable {
    /// A path, or a name to look up in `PATH`.
    public var program: String
    public var arguments: [String]
    /// The complete environment. Nothing is added from that of this process.
    public var environment: [String: String]
    /// Its stdin.
    public var input: Input
    /// Its descriptors 3, 4, …, which programs open as `/dev/fd/3`.
    public var extraInputs: [Input]
    /// The number of output pipes it gets, on the descriptors after those. Only a `RunningCommand` reads them.
    public var extraOutputs = 0
    public var limits: Limits

    /// A source to read from.
    public enum Input: Sendable {
        /// Empty input.
        case none
        /// Bytes, as a file in memory that can be read in any order. They are never written to disk.
        case bytes([UInt8])
        /// An open file of this process, which remains open here.
        case descriptor(Int32)
    }

    /// The limits of a run. If it exceeds one, its whole process group is ended: SIGTERM, and SIGKILL after `grace`.
    public struct Limits: Sendable {
        /// Milliseconds from the start to the end.
        public var deadline = 30_000
        /// Milliseconds between SIGTERM and SIGKILL.
        public var grace = 300
        /// Bytes of stdout.
        public var output = 16 << 20
        /// Bytes of stderr that are kept. The rest is read and discarded.
        public var errors = 16 << 10
        /// Bytes of address space (`RLIMIT_AS`), nil for no limit. Allocations beyond it fail.
        public var memory: Int?
        /// Seconds of processor time (`RLIMIT_CPU`), nil for no limit. SIGXCPU ends a program that exceeds it.
        public var processorSeconds: Int?

        public init() {}
    }

    public init(
        _ program: String, _ arguments: [String] = [], environment: [String: String] = [:], input: Input = .none,
        extraInputs: [Input] = [], limits: Limits = Limits()
    ) {
        self.program = program
        self.arguments = arguments
        self.environment = environment
        self.input = input
        self.extraInputs = extraInputs
        self.limits = limits
    }

    /// The path of a program: unchanged if it is a path already, otherwise the first match in `PATH`. Nil if it is not
    /// installed.
    public static func locate(_ program: String) -> String? {
        if program.contains(byte: "/") { return access(program, X_OK) == 0 ? program : nil }
        let path = getenv("PATH").map { String(cString: $0) } ?? "/usr/local/bin:/usr/bin:/bin"
        return path.split(atByte: ":").lazy.map { "\($0)/\(program)" }.first { access($0, X_OK) == 0 }
    }
}

/// How a run ended.
public enum Ending: Equatable, Sendable {
    /// It exited with this status.
    case exited(Int32)
    /// A signal that this process did not send ended it: a crash, SIGXCPU, or the kernel running out of memory.
    case signalled(Int32)
    /// It exceeded its time limit.
    case timedOut
    /// It wrote more to stdout than `Limits.output`.
    case outputTooLarge
    /// The caller stopped it.
    case stopped

    public var isSuccess: Bool { self == .exited(0) }
}

/// The result of a run, without its output.
public struct Outcome: Sendable {
    public var ending: Ending
    /// The beginning of its stderr, with ill-formed UTF-8 repaired. For logs, not for users.
    public var errors: String
}

/// Why a program did not start.
public enum CommandError: Error, Equatable, CustomStringConvertible {
    /// There is no program of that name.
    case notInstalled(String)
    /// The system refused, with this `errno`.
    case cannotStart(String, errno: Int32)

    public var description: String {
        switch self {
        case .notInstalled(let program): "\(program) is not installed"
        case .cannotStart(let program, let errno): "\(program) cannot be started: \(String(cString: strerror(errno)))"
        }
    }
}

extension Command {
    /// Runs the program to its end.
    ///
    /// - Parameters:
    ///   - isCancelled: called at least every 50 ms; return true to end the run as `.stopped`.
    ///   - output: takes each piece of stdout as it arrives, valid only during the call. Return false to end the run; a
    ///     thrown error also ends it and is passed on.
    /// - Throws: `CommandError` if the program cannot be started, and the errors of `output`.
    public func run(
        isCancelled: (() -> Bool)? = nil, output: (UnsafeBufferPointer<UInt8>) throws -> Bool
    ) throws -> Outcome {
        let child = try ChildProcess(self)
        return try child.run(limits, isCancelled: isCancelled, output: output)
    }

    /// Runs the program to its end and returns all of its stdout, or what it wrote before it failed.
    public func collect(isCancelled: (() -> Bool)? = nil) throws -> (outcome: Outcome, output: [UInt8]) {
        var collected: [UInt8] = []
        let outcome = try run(isCancelled: isCancelled) { piece in
            collected.append(contentsOf: piece)
            return true
        }
        return (outcome, collected)
    }
}
