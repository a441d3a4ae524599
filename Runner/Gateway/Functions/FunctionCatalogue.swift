import Glibc
import Platform
import Wire

/// Learns what functions are by asking each one, several at a time, on the event loop.
final class FunctionCatalogue {
    typealias Answer = Result<FunctionDescription, FunctionDescription.Malformed>

    /// A file that may be a function.
    struct File {
        let path: String
        let isExecutable: Bool
    }

    /// How long a function may take to describe itself before it is ended, and asked again later. In seconds: on a
    /// machine whose processors have other work, it takes as long as that lets it.
    static let deadline = 60.0
    /// After how long nobody waits for it any more. In seconds.
    static let patience = 5.0
    /// How many are asked at once, besides those that nobody waits for.
    static let concurrency = 8

    private let loop: EventLoop
    private let environment: ChildEnvironment
    /// Makes room where there are no descriptors left; false when there is none to be had.
    private let makeRoom: () -> Bool
    private let onAnswer: (Executable, Answer) -> Void
    private var outstanding: [Executable] = []
    private var inquiries: [DescriptionInquiry] = []

    var processIDs: Set<pid_t> { Set(inquiries.map(\.pid)) }
    var isIdle: Bool { outstanding.isEmpty && inquiries.isEmpty }

    init(
        loop: EventLoop, environment: ChildEnvironment, makeRoom: @escaping () -> Bool,
        onAnswer: @escaping (Executable, Answer) -> Void
    ) {
        self.loop = loop
        self.environment = environment
        self.makeRoom = makeRoom
        self.onAnswer = onAnswer
    }

    // MARK: Files

    /// The files of a folder, hidden ones left out; nil when it cannot be read.
    /// - Parameter names: those that are wanted; empty for all.
    static func files(in folder: String, named names: [String]) -> [File]? {
        guard let directory = opendir(folder) else { return nil }
        defer { closedir(directory) }
        var files: [File] = []
        while let entry = readdir(directory) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) {
                $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            let path = folder + "/" + name
            var information = stat()
            guard !name.starts(withBytes: "."), names.isEmpty || names.contains(name), stat(path, &information) == 0,
                information.st_mode & S_IFMT == S_IFREG
            else { continue }
            files.append(File(path: path, isExecutable: access(path, X_OK) == 0))
        }
        return files
    }

    /// Whether a file that is not executable begins as a program does, and so most likely has lost its x bit.
    static func isProgram(_ path: String) -> Bool {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else { return false }
        defer { close(descriptor) }
        var start: [UInt8] = [0, 0, 0, 0]
        guard case .bytes(let count) = start.withUnsafeMutableBytes({ Descriptor.read(descriptor, into: $0) })
        else { return false }
        return start[..<count].starts(with: "#!".utf8) || start == [0x7F] + Array("ELF".utf8)
    }

    // MARK: Inquiries

    /// Asks an executable what it is; the answer comes from the event loop.
    func ask(_ executable: Executable) {
        outstanding.append(executable)
        loop.later { [self] in advance() }
    }

    private func advance() {
        while inquiries.count(where: { !$0.isSlow }) < Self.concurrency, !outstanding.isEmpty {
            let executable = outstanding.removeFirst()
            do throws(ChildProcess.StartError) {
                inquiries.append(
                    try DescriptionInquiry(executable, loop: loop, environment: environment) { [weak self] in
                        self?.take($0, $1)
                    })
            } catch {
                if error.isOfDescriptors {
                    // Those that are being asked will give theirs back.
                    if !inquiries.isEmpty { return outstanding.insert(executable, at: 0) }
                    if makeRoom() {
                        outstanding.insert(executable, at: 0)
                        continue
                    }
                }
                onAnswer(
                    executable,
                    .failure(
                        .init(
                            reason: "cannot be started: \(error)", isPassing: error.isPassing,
                            isBeingWritten: error.code == ETXTBSY)))
            }
        }
    }

    /// Ends the inquiries that take too long.
    func tick() {
        for inquiry in inquiries { inquiry.checkDeadline() }
        if !outstanding.isEmpty { advance() }
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
