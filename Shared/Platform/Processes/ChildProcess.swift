import CPlatform
import Glibc
import Wire

/// A running program. Releasing this object ends it and waits for it.
final class ChildProcess {
    private let process: pid_t
    /// Becomes readable when the child ends; -1 on systems without it.
    private let ended: Int32
    private var output: Int32
    private var errors: Int32
    /// The extra outputs; -1 for those that are no longer read.
    private var extraOutputs: [Int32]
    private var processEnd: ProcessEnd?

    init(_ command: Command) throws {
        guard let path = Command.locate(command.program) else { throw CommandError.notInstalled(command.program) }
        var pipes: [(read: Int32, write: Int32)] = []
        defer { for pipe in pipes { close(pipe.write) } }
        do {
            for _ in 0..<(2 + command.extraOutputs) { pipes.append(try Self.pipe(for: command)) }
            process = try Self.start(command, path, writing: pipes.map(\.write))
        } catch {
            for pipe in pipes { close(pipe.read) }
            throw error
        }
        (output, errors) = (pipes[0].read, pipes[1].read)
        extraOutputs = pipes.dropFirst(2).map(\.read)
        ended = platform_process_descriptor(process)
    }

    deinit {
        if processEnd == nil { end(after: 0) }
        for descriptor in [output, errors, ended] + extraOutputs where descriptor >= 0 { close(descriptor) }
    }

    // MARK: The start

    /// - Parameter outputs: stdout, stderr, and the extra outputs.
    private static func start(_ command: Command, _ path: String, writing outputs: [Int32]) throws -> pid_t {
        var opened: [Int32] = []
        defer { for descriptor in opened { close(descriptor) } }
        func source(_ input: Command.Input) throws -> Int32 {
            if case .descriptor(let descriptor) = input { return descriptor }
            let descriptor = Self.open(input)
            guard descriptor >= 0 else { throw CommandError.cannotStart(command.program, errno: errno) }
            opened.append(descriptor)
            return descriptor
        }
        let descriptors =
            [try source(command.input), outputs[0], outputs[1]] + (try command.extraInputs.map(source))
            + outputs.dropFirst(2)
        var child = ChildStart(
            path, arguments: [command.program] + command.arguments, variables: ChildVariables(command.environment),
            descriptors: descriptors, endsWithParent: true)
        child.memory = command.limits.memory ?? 0
        child.processorSeconds = command.limits.processorSeconds ?? 0
        let process = child.start()
        guard process > 0 else {
            throw errno == ENOENT
                ? CommandError.notInstalled(command.program)
                : CommandError.cannotStart(command.program, errno: errno)
        }
        return process
    }

    /// A descriptor to read `input` from; -1 with `errno` set on an error.
    private static func open(_ input: Command.Input) -> Int32 {
        guard case .bytes(let bytes) = input else { return Glibc.open("/dev/null", O_RDONLY | O_CLOEXEC) }
        let file = platform_memory_file("input")
        guard file >= 0 else { return -1 }
        guard bytes.withUnsafeBufferPointer({ Descriptor.writeAll($0, to: file) }) else {
            close(file)
            return -1
        }
        lseek(file, 0, SEEK_SET)
        return file
    }

    /// A pipe that the child writes to; this process reads it without waiting.
    private static func pipe(for command: Command) throws -> (read: Int32, write: Int32) {
        guard let ends = Descriptor.pipe() else { throw CommandError.cannotStart(command.program, errno: errno) }
        Descriptor.makeNonBlocking(ends.read)
        return ends
    }

    // MARK: The run

    /// Milliseconds between two calls of `isCancelled`, and between two checks of a child that has no pidfd.
    private static let tick = 50
    private static let pieceSize = 64 << 10
    private static let errorPieces = 4

    func run(
        _ limits: Command.Limits, isCancelled: (() -> Bool)?, output take: (UnsafeBufferPointer<UInt8>) throws -> Bool
    ) throws -> Outcome {
        let deadline = Int(Moment.now.milliseconds) + limits.deadline
        let piece = ByteBuffer(capacity: Self.pieceSize)
        let said = ByteBuffer()
        var taken = 0
        func finish(_ ending: Ending) -> Outcome {
            if processEnd == nil { end(after: limits.grace) }
            return Outcome(ending: ending, errors: said.text)
        }
        while true {
            let hasEnded = platform_has_ended(process) != 0
            // Bounded: a child that keeps writing to stderr must not delay the deadline.
            for _ in 0..<Self.errorPieces where read(&errors, into: piece) {
                said.append(contentsOf: piece.bytes.prefix(limits.errors - said.count))
            }
            while read(&output, into: piece) {
                let isTooLarge = piece.count > limits.output - taken
                let part = UnsafeBufferPointer(rebasing: piece.bytes.prefix(limits.output - taken))
                taken += part.count
                if !part.isEmpty, try !take(part) { return finish(.stopped) }
                if isTooLarge { return finish(.outputTooLarge) }
                if Int(Moment.now.milliseconds) >= deadline { return finish(.timedOut) }
                if isCancelled?() == true { return finish(.stopped) }
            }
            // Output that grandchildren write after that is ignored.
            if hasEnded { return finish(ownEnding()) }
            if isCancelled?() == true { return finish(.stopped) }
            let left = deadline - Int(Moment.now.milliseconds)
            if left <= 0 { return finish(.timedOut) }
            wait(atMost: isCancelled == nil && ended >= 0 ? left : min(left, Self.tick))
        }
    }

    /// Reads one piece without waiting; false if there is none yet. Closes the descriptor at the end of the file.
    private func read(_ descriptor: inout Int32, into piece: ByteBuffer) -> Bool {
        guard descriptor >= 0 else { return false }
        piece.removeAll()
        switch Descriptor.read(from: descriptor, into: piece, atMost: Self.pieceSize) {
        case let count? where count > 0: return true
        case nil where errno == EAGAIN: return false
        default:
            close(descriptor)
            descriptor = -1
            return false
        }
    }

    // MARK: Beside others

    var hasEnded: Bool { platform_has_ended(process) != 0 }

    /// Reads some pieces of stderr and the extra outputs, without waiting.
    /// - Parameter take: returns false to close that output.
    func readWhatCame(
        errors takeErrors: (UnsafeBufferPointer<UInt8>) -> Void, extra take: (Int, UnsafeBufferPointer<UInt8>) -> Bool
    ) {
        let piece = ByteBuffer(capacity: Self.pieceSize)
        for _ in 0..<Self.errorPieces where read(&errors, into: piece) { takeErrors(piece.bytes) }
        for index in extraOutputs.indices {
            for _ in 0..<Self.errorPieces where read(&extraOutputs[index], into: piece) {
                if !take(index, piece.bytes) { closeExtraOutput(index) }
            }
        }
    }

    func closeExtraOutput(_ index: Int) {
        if extraOutputs[index] >= 0 { close(extraOutputs[index]) }
        extraOutputs[index] = -1
    }

    /// Descriptors that become readable with output, or when the child ends.
    var descriptors: [Int32] { ([errors, ended] + extraOutputs).filter { $0 >= 0 } }

    private func wait(atMost milliseconds: Int) {
        // poll(2) skips negative descriptors.
        var waiting = [output, errors, ended].map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
        poll(&waiting, nfds_t(waiting.count), Int32(clamping: milliseconds))
    }

    // MARK: The end

    /// The ending of a child that was not stopped by this process.
    private func ownEnding() -> Ending {
        end(after: 0)
        return switch processEnd {
        case .exited(let status): .exited(status)
        case .signalled(let signal): .signalled(signal)
        case nil: .stopped
        }
    }

    /// Ends the process group and waits for the child: SIGTERM, and SIGKILL after `grace` milliseconds. If the child
    /// has ended already, this ends the processes that it left behind.
    private func end(after grace: Int) {
        if grace > 0, platform_has_ended(process) == 0 {
            kill(-process, SIGTERM)
            let deadline = Int(Moment.now.milliseconds) + grace
            while platform_has_ended(process) == 0, Int(Moment.now.milliseconds) < deadline {
                var waiting = pollfd(fd: ended, events: Int16(POLLIN), revents: 0)
                poll(&waiting, 1, Int32(clamping: ended >= 0 ? deadline - Int(Moment.now.milliseconds) : 10))
            }
        }
        processEnd = ProcessEnd.endGroup(of: process)
    }
}
