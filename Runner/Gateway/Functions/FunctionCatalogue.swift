import Glibc
import Wire

/// Learns what functions a folder holds by asking each one, several at a time.
///
/// It runs on the event loop, so that it may also be used while requests are served.
final class FunctionCatalogue {
    /// How long a function may take to describe itself, in seconds.
    static let deadline = 5.0
    /// How many are asked at once.
    static let concurrency = 8

    private let loop: EventLoop
    private let environment: ChildEnvironment
    private var outstanding: [String]
    private var inquiries: [DescriptionInquiry] = []
    private(set) var descriptions: [FunctionDescription] = []
    /// What is wrong with the functions that were left out.
    private(set) var faults: [(executable: String, reason: String)] = []

    var isComplete: Bool { outstanding.isEmpty && inquiries.isEmpty }

    init(executables: [String], loop: EventLoop, environment: ChildEnvironment) {
        self.loop = loop
        self.environment = environment
        outstanding = executables.sorted().reversed()
    }

    /// The executable files of a folder, hidden ones left out; nil when it cannot be read.
    /// - Parameter names: those that are wanted, of which none may be missing; empty for all.
    static func executables(in folder: String, named names: [String]) -> [String]? {
        guard let all = executables(in: folder) else { return nil }
        if names.isEmpty { return all }
        let wanted = Set(names.map { "\(folder)/\($0)" })
        return wanted.isSubset(of: all) ? Array(wanted) : nil
    }

    private static func executables(in folder: String) -> [String]? {
        guard let directory = opendir(folder) else { return nil }
        defer { closedir(directory) }
        var paths: [String] = []
        while let entry = readdir(directory) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) {
                $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            let path = folder + "/" + name
            var information = stat()
            guard !name.hasPrefix("."), stat(path, &information) == 0,
                information.st_mode & S_IFMT == S_IFREG, access(path, X_OK) == 0
            else { continue }
            paths.append(path)
        }
        return paths
    }

    /// Starts further inquiries; called by whoever runs the loop.
    func advance() {
        while inquiries.count < Self.concurrency, let executable = outstanding.popLast() {
            do throws(ChildProcess.StartError) {
                inquiries.append(
                    try DescriptionInquiry(executable, loop: loop, environment: environment) { [weak self] in
                        self?.take($0, $1)
                    })
            } catch {
                faults.append((executable, "cannot be started: \(error)"))
            }
        }
    }

    /// Ends the inquiries that take too long.
    func tick() {
        for inquiry in inquiries { inquiry.checkDeadline() }
    }

    /// To be called when children have ended.
    func reap() {
        for inquiry in inquiries { inquiry.checkEnd() }
    }

    private func take(_ inquiry: DescriptionInquiry, _ result: Result<FunctionDescription, FunctionDescription.Malformed>) {
        inquiries.removeAll { $0 === inquiry }
        switch result {
        case .success(let description):
            let index = descriptions.firstIndex { $0.name > description.name } ?? descriptions.endIndex
            descriptions.insert(description, at: index)
        case .failure(let fault): faults.append((inquiry.executable, fault.reason))
        }
        advance()
    }
}

/// One `NAME --describe`.
final class DescriptionInquiry: EventHandler {
    typealias Completion = (DescriptionInquiry, Result<FunctionDescription, FunctionDescription.Malformed>) -> Void

    private static let maximumBytes = 1024 * 1024

    let executable: String
    private let loop: EventLoop
    private let child: ChildProcess
    private let deadline: Int64
    private let completion: Completion
    private let output = ByteBuffer()
    private let errors = ByteBuffer()
    private var openDescriptors = 2
    private var isAwaitingEnd = false
    private var fault: String?

    init(
        _ executable: String, loop: EventLoop, environment: ChildEnvironment, completion: @escaping Completion
    ) throws(ChildProcess.StartError) {
        self.executable = executable
        self.loop = loop
        self.completion = completion
        child = try ChildProcess.start(
            executable, arguments: ["--describe"], environment: environment, hasInput: false)
        deadline = Clock.now + Clock.seconds(FunctionCatalogue.deadline)
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
        if target.count > Self.maximumBytes { return giveUp("--describe prints more than 1 MiB") }
        guard case .ended = transfer else { return }
        close(descriptor)
        checkEnd()
    }

    func checkDeadline() {
        checkEnd()
        if Clock.now > deadline, fault == nil { giveUp("--describe takes longer than \(Int(FunctionCatalogue.deadline)) s") }
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

    /// Concludes when the process has ended; asked when its output ends, and at every tick and
    /// `SIGCHLD` after that.
    func checkEnd() {
        guard isAwaitingEnd, let end = ProcessEnd.reap(child.pid) else { return }
        isAwaitingEnd = false
        completion(self, result(end))
    }

    /// What a line of the log says.
    private static func message(_ line: String) -> String {
        (try? JSONReader.parse(line))?["message"]?.string ?? line
    }

    private func result(_ end: ProcessEnd) -> Result<FunctionDescription, FunctionDescription.Malformed> {
        if let fault { return .failure(.init(reason: fault)) }
        guard end == .exited(0) else {
            let said = errors.text.split(separator: "\n").last.map { ": \(Self.message(String($0)).prefix(300))" } ?? ""
            return .failure(.init(reason: "--describe ends with \(end)\(said)"))
        }
        do throws(FunctionDescription.Malformed) {
            return .success(try FunctionDescription(output.bytes, executable: executable))
        } catch {
            return .failure(error)
        }
    }
}
