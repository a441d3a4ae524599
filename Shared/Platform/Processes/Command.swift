import Glibc
import Wire

/// A program and what it is started with. It sees nothing of this process but what is said here:
/// no environment, no open files, no signal settings.
public struct Command: Sendable {
    /// A path, or a name that is looked for in `PATH`.
    public var program: String
    public var arguments: [String]
    /// The whole environment, without anything of this process's own.
    public var environment: [String: String]
    /// What it reads on stdin.
    public var input: Input
    /// What it reads on descriptors 3, 4, …, which programs open as `/dev/fd/3`.
    public var extraInputs: [Input]
    /// How many pipes it writes to on the descriptors after those; only a `RunningCommand` reads them.
    public var extraOutputs = 0
    public var limits: Limits

    /// Something to read.
    public enum Input: Sendable {
        /// The end of the file at once.
        case none
        /// Bytes, as a file in memory that can be read in any order. Nothing of it is ever on a disk.
        case bytes([UInt8])
        /// An open file of this process, which keeps it.
        case descriptor(Int32)
    }

    /// What a run may take. Beyond it the whole process group is ended: SIGTERM, after `grace`
    /// SIGKILL.
    public struct Limits: Sendable {
        /// Milliseconds from the start to the end.
        public var deadline = 30_000
        /// Milliseconds between SIGTERM and SIGKILL.
        public var grace = 300
        /// Bytes of stdout.
        public var output = 16 << 20
        /// Bytes of stderr that are kept. What comes after them is read and forgotten.
        public var errors = 16 << 10
        /// Bytes of address space (`RLIMIT_AS`), nil for no limit. Exceeding it fails as the program
        /// fails when it gets no memory.
        public var memory: Int?
        /// Seconds of processor time (`RLIMIT_CPU`), nil for no limit. Exceeding it ends the program
        /// by SIGXCPU.
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

    /// Where a program lies: itself for a path, else the first match in `PATH`. Nil when it is not
    /// installed.
    public static func locate(_ program: String) -> String? {
        if program.contains(byte: "/") { return access(program, X_OK) == 0 ? program : nil }
        let path = getenv("PATH").map { String(cString: $0) } ?? "/usr/local/bin:/usr/bin:/bin"
        return path.split(atByte: ":").lazy.map { "\($0)/\(program)" }.first { access($0, X_OK) == 0 }
    }
}

/// How a run ended.
public enum Ending: Equatable, Sendable {
    /// By itself, with this exit status.
    case exited(Int32)
    /// By a signal that was not ours: a crash, SIGXCPU, the system out of memory.
    case signalled(Int32)
    /// Past its deadline.
    case timedOut
    /// It wrote more to stdout than `Limits.output`.
    case outputTooLarge
    /// Whoever reads its output, or waits for it, had enough.
    case stopped

    public var isSuccess: Bool { self == .exited(0) }
}

/// What is left of a run besides its output.
public struct Outcome: Sendable {
    public var ending: Ending
    /// The beginning of what it wrote to stderr, ill-formed UTF-8 repaired. For logs, not for users.
    public var errors: String
}

/// Why a program did not run at all.
public enum CommandError: Error, Equatable, CustomStringConvertible {
    /// There is no such program; its name.
    case notInstalled(String)
    /// The system refused; the value of `errno`.
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
    ///   - isCancelled: asked at least every 50 ms; true ends the run, as `.stopped`.
    ///   - output: takes each piece of stdout as it comes, valid during the call only; false, or an
    ///     error, which is passed on, ends the run.
    /// - Throws: `CommandError` when it cannot be started, and what `output` throws.
    public func run(
        isCancelled: (() -> Bool)? = nil, output: (UnsafeBufferPointer<UInt8>) throws -> Bool
    ) throws -> Outcome {
        let child = try ChildProcess(self)
        return try child.run(limits, isCancelled: isCancelled, output: output)
    }

    /// Runs the program to its end and returns all that it wrote to stdout; what came until then
    /// when it did not end well.
    public func collect(isCancelled: (() -> Bool)? = nil) throws -> (outcome: Outcome, output: [UInt8]) {
        var collected: [UInt8] = []
        let outcome = try run(isCancelled: isCancelled) { piece in
            collected.append(contentsOf: piece)
            return true
        }
        return (outcome, collected)
    }
}
