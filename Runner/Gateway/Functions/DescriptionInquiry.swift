import Glibc
import Platform
import Wire

/// One run of `NAME --describe`.
final class DescriptionInquiry: EventHandler {
    typealias Completion = (DescriptionInquiry, Result<FunctionDescription, FunctionDescription.Malformed>) -> Void

    private static let maximumBytes = 1024 * 1024

    let executable: Executable
    var pid: pid_t { child.pid }
    private let loop: EventLoop
    private let child: FunctionChild
    private let started = Clock.now
    private var hasTimedOut = false
    private let completion: Completion
    private let output = ByteBuffer()
    private let errors = ByteBuffer()
    private var openDescriptors = 2
    private var isAwaitingEnd = false
    /// Whether it has taken so long that nothing waits for it any more.
    var isSlow: Bool { Clock.now - started > Clock.seconds(FunctionCatalogue.patience) }
    private var fault: String?

    init(
        _ executable: Executable, loop: EventLoop, environment: ChildEnvironment, completion: @escaping Completion
    ) throws(FunctionChild.StartError) {
        self.executable = executable
        self.loop = loop
        self.completion = completion
        child = try executable.start(arguments: ["--describe"], environment: environment, hasInput: false)
        loop.add(child.output, .readable, handler: self)
        loop.add(child.errors, .readable, handler: self)
    }

    func handle(_ events: Events, on descriptor: Int32) {
        let target = descriptor == child.output ? output : errors
        var transfer = Descriptor.Transfer.blocked
        target.appendUninitialized(capacity: 16 * 1024) { space in
            transfer = Descriptor.read(descriptor, into: UnsafeMutableRawBufferPointer(space))
            if case .bytes(let count) = transfer { return count }
            return 0
        }
        if target.count > Self.maximumBytes { return giveUp("--describe printed more than 1 MiB") }
        guard case .ended = transfer else { return }
        close(descriptor)
        checkEnd()
    }

    func checkDeadline() {
        checkEnd()
        if Clock.now - started > Clock.seconds(FunctionCatalogue.deadline), fault == nil {
            hasTimedOut = true
            giveUp("--describe took longer than \(Int(FunctionCatalogue.deadline)) s")
        }
    }

    private func giveUp(_ reason: String) {
        fault = reason
        kill(-child.pid, SIGKILL)
        for descriptor in [child.output, child.errors] where openDescriptors > 0 { close(descriptor) }
        isAwaitingEnd = true
        checkEnd()
    }

    private func close(_ descriptor: Int32) {
        loop.remove(descriptor)
        Glibc.close(descriptor)
        openDescriptors -= 1
        if openDescriptors == 0 { isAwaitingEnd = true }
    }

    /// Completes the inquiry if the process has ended. Called when its output ends, and from then on at every tick and
    /// `SIGCHLD`.
    func checkEnd() {
        guard isAwaitingEnd, let end = ProcessEnd.reap(child.pid) else { return }
        isAwaitingEnd = false
        completion(self, result(end))
    }

    /// The message in one log line.
    private static func message(_ line: String) -> String {
        (try? JSONReader.parse(line))?["message"]?.string ?? line
    }

    private func result(_ end: ProcessEnd) -> Result<FunctionDescription, FunctionDescription.Malformed> {
        if let fault { return .failure(.init(reason: fault, isTransient: hasTimedOut)) }
        guard end == .exited(0) else {
            let said = errors.text.split(atByte: "\n").last.map { ": \(Self.message(String($0)).prefix(300))" } ?? ""
            // A signal means that somebody killed it, or that memory ran out.
            return .failure(.init(reason: "--describe ended with \(end)\(said)", isTransient: end.isSignal))
        }
        do throws(FunctionDescription.Malformed) {
            return .success(try FunctionDescription(output.bytes, executable: executable.path))
        } catch {
            return .failure(error)
        }
    }
}
