import Glibc
import Platform
import Wire

/// Asks functions for their descriptions, several at a time, on the event loop.
package final class FunctionCatalogue {
    typealias Answer = Result<FunctionDescription, FunctionDescription.Malformed>

    private struct Question {
        let executable: Executable
        let onAnswer: (Executable, Answer) -> Void
    }

    /// A file that may be a function.
    struct File {
        let path: String
        let isExecutable: Bool
    }

    /// Seconds until a function that has not described itself is killed, to be asked again later. Generous, because a
    /// busy machine may need long.
    static let deadline = 60.0
    /// Seconds until nothing waits for it any more.
    package static let patience = 5.0
    /// How many are asked at the same time, not counting those that nothing waits for.
    static let concurrency = 8

    private let loop: EventLoop
    private let environment: ChildEnvironment
    /// Frees descriptors when they run out; false if that fails.
    private let makeRoom: () -> Bool
    private var outstanding: [Question] = []
    private var inquiries: [DescriptionInquiry] = []

    var processIDs: Set<pid_t> { Set(inquiries.map(\.pid)) }
    var isIdle: Bool { outstanding.isEmpty && inquiries.isEmpty }

    init(loop: EventLoop, environment: ChildEnvironment, makeRoom: @escaping () -> Bool) {
        self.loop = loop
        self.environment = environment
        self.makeRoom = makeRoom
    }

    // MARK: Files

    /// The files of a folder, except hidden ones; nil if the folder cannot be read.
    /// - Parameter names: which files; empty for all.
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

    /// Whether a file without its x bit begins like a program, and so has probably lost the bit.
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

    /// Asks an executable to describe itself. The answer is delivered from the event loop.
    func ask(_ executable: Executable, onAnswer: @escaping (Executable, Answer) -> Void) {
        outstanding.append(Question(executable: executable, onAnswer: onAnswer))
        loop.later { [self] in advance() }
    }

    private func advance() {
        while inquiries.count(where: { !$0.isSlow }) < Self.concurrency, !outstanding.isEmpty {
            let question = outstanding.removeFirst()
            do throws(FunctionChild.StartError) {
                inquiries.append(
                    try DescriptionInquiry(question.executable, loop: loop, environment: environment) {
                        [weak self] in
                        self?.inquiryEnded($0)
                        question.onAnswer(question.executable, $1)
                        self?.advance()
                    })
            } catch {
                if error.isOfDescriptors {
                    // The inquiries in progress will free their descriptors.
                    if !inquiries.isEmpty { return outstanding.insert(question, at: 0) }
                    if makeRoom() {
                        outstanding.insert(question, at: 0)
                        continue
                    }
                }
                question.onAnswer(
                    question.executable,
                    .failure(
                        .init(
                            reason: "cannot be started: \(error)", isTransient: error.isTransient,
                            isBeingWritten: error.code == ETXTBSY)))
            }
        }
    }

    /// Ends the inquiries that take too long.
    func tick() {
        for inquiry in inquiries { inquiry.checkDeadline() }
        if !outstanding.isEmpty { advance() }
    }

    /// Call this when children have ended.
    func reap() {
        for inquiry in inquiries { inquiry.checkEnd() }
    }

    private func inquiryEnded(_ inquiry: DescriptionInquiry) { inquiries.removeAll { $0 === inquiry } }
}
