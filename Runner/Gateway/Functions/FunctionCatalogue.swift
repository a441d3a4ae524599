import Glibc
import Wire

/// Learns what functions are by asking each one, several at a time, on the event loop.
final class FunctionCatalogue {
    typealias Answer = Result<FunctionDescription, FunctionDescription.Malformed>

    /// How long a function may take to describe itself, in seconds.
    static let deadline = 5.0
    /// How many are asked at once.
    static let concurrency = 8

    private let loop: EventLoop
    private let environment: ChildEnvironment
    private let onAnswer: (Executable, Answer) -> Void
    private var outstanding: [Executable] = []
    private var inquiries: [DescriptionInquiry] = []

    var processIDs: Set<pid_t> { Set(inquiries.map(\.pid)) }
    var isIdle: Bool { outstanding.isEmpty && inquiries.isEmpty }

    init(loop: EventLoop, environment: ChildEnvironment, onAnswer: @escaping (Executable, Answer) -> Void) {
        self.loop = loop
        self.environment = environment
        self.onAnswer = onAnswer
    }

    /// The executable files of a folder, hidden ones left out; nil when it cannot be read.
    /// - Parameter names: those that are wanted; empty for all.
    static func executables(in folder: String, named names: [String]) -> [String]? {
        guard let directory = opendir(folder) else { return nil }
        defer { closedir(directory) }
        var paths: [String] = []
        while let entry = readdir(directory) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) {
                $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            let path = folder + "/" + name
            var information = stat()
            guard !name.starts(withBytes: "."), names.isEmpty || names.contains(name), stat(path, &information) == 0,
                information.st_mode & S_IFMT == S_IFREG, access(path, X_OK) == 0
            else { continue }
            paths.append(path)
        }
        return paths
    }

    /// Asks an executable what it is; the answer comes from the event loop.
    func ask(_ executable: Executable) {
        outstanding.append(executable)
        loop.later { [self] in advance() }
    }

    private func advance() {
        while inquiries.count < Self.concurrency, !outstanding.isEmpty {
            let executable = outstanding.removeFirst()
            do throws(ChildProcess.StartError) {
                inquiries.append(
                    try DescriptionInquiry(executable, loop: loop, environment: environment) { [weak self] in
                        self?.take($0, $1)
                    })
            } catch {
                onAnswer(executable, .failure(.init(reason: "cannot be started: \(error)", isPassing: error.isPassing)))
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

    private func take(_ inquiry: DescriptionInquiry, _ answer: Answer) {
        inquiries.removeAll { $0 === inquiry }
        onAnswer(inquiry.executable, answer)
        advance()
    }
}
