import Glibc
import Wire

/// `runner replay FILE`
enum ReplayCommand {
    /// `EX_NOINPUT`
    private static let noInput: Int32 = 66
    private static let limits = ["RATE_LIMIT_AUTH", "RATE_LIMIT_GENERAL", "RATE_LIMIT_UPLOAD", "RATE_LIMIT_CHAT"]

    static func run(_ options: Options) -> Int32 {
        guard let file = options.operands.first, options.operands.count == 1 else {
            return Terminal.fail("replay needs one file that runner serve --record has written", code: 64)
        }
        guard let bytes = FileContents.read(file) else {
            return Terminal.fail("\(file): \(String(cString: strerror(errno)))", code: noInput)
        }
        let session: Session
        do throws(Session.Malformed) {
            session = try bytes.withUnsafeBufferPointer { bytes throws(Session.Malformed) in try Session(bytes) }
        } catch {
            return Terminal.fail("\(file): \(error.reason)", code: noInput)
        }
        var options = options
        for limit in limits where options.environment[limit] == nil { options.environment[limit] = "0" }
        guard options.dataOverride == nil else { return replay(session, options) }
        guard let folder = TemporaryFolder(options.environment) else {
            return Terminal.fail("no temporary folder can be made: \(String(cString: strerror(errno)))", code: 1)
        }
        defer { folder.remove() }
        options.dataOverride = folder.path
        return replay(session, options)
    }

    private static func replay(_ session: Session, _ options: Options) -> Int32 {
        guard let server = Program.makeServer(options) else { return Program.noLoop() }
        guard server.learnFunctions() != nil else { return Program.folderFailed(options) }
        defer { server.stop() }
        var replay = Replay(server, ignoring: options.replay.ignored, terminal: Terminal(options))
        for entry in session.entries {
            guard replay.send(entry) else { return 130 }
        }
        Terminal.write(replay.summary + "\n")
        return replay.different == 0 && replay.same > 0 ? 0 : 1
    }
}

/// A session on its way through the functions once more.
struct Replay {
    private let server: Server
    private let ignored: [String]
    private let terminal: Terminal
    private var substitution = Substitution()
    private(set) var same = 0
    private(set) var different = 0
    private var skipped = 0

    init(_ server: Server, ignoring ignored: [String], terminal: Terminal) {
        self.server = server
        self.ignored = ignored
        self.terminal = terminal
    }

    var summary: String {
        "\(same) same, \(different) different" + (skipped > 0 ? ", \(skipped) not sent" : "")
    }

    /// - Returns: false when a signal ended it.
    mutating func send(_ entry: Session.Entry) -> Bool {
        if entry.status == 429 || entry.status == 499 {
            skipped += 1
            tell("-", .dim, entry, "not sent: \(entry.status)")
            return true
        }
        guard let pool = server.pools.all.first(where: { $0.name == entry.function }) else {
            report(entry, [.init(path: "function", text: "there is no \(entry.function) any more")])
            return true
        }
        let id = server.requestIDs.next()
        let request = substitution.applied(to: entry.request)
        let method = request["requestContext"]?["http"]?["method"]?.string ?? ""
        if let recorded = entry.request["requestContext"]?["requestId"]?.string { substitution.learn(recorded, id) }
        guard
            let outcome = FunctionCaller.call(
                pool, Envelope.line(request, requestID: id), requestID: id, method: method, on: server)
        else { return false }
        report(entry, differences(entry, outcome))
        return true
    }

    private mutating func differences(_ entry: Session.Entry, _ outcome: FunctionCaller.Outcome) -> [Comparison
        .Difference]
    {
        var answers = outcome.lines.map { (try? JSONReader.parse($0)) ?? .string($0) }
        if entry.response.isNull || answers.isEmpty {
            guard entry.status != outcome.status else { return [] }
            let why = outcome.refusal.map { " (\($0.message))" } ?? ""
            return [.init(path: "status", text: "\(entry.status) → \(outcome.status)\(why)")]
        }
        var comparison = Comparison(ignoring: ignored)
        let head = answers.removeFirst()
        comparison.compare(entry.response, entry.stream, with: head, answers, using: &substitution)
        return comparison.differences
    }

    private mutating func report(_ entry: Session.Entry, _ differences: [Comparison.Difference]) {
        if differences.isEmpty {
            same += 1
            return tell("✔", .green, entry, "\(entry.status)")
        }
        different += 1
        tell("✘", .red, entry, "")
        let width = min(40, differences.map(\.path.count).max() ?? 0)
        for difference in differences.prefix(20) {
            let padding = String(repeating: " ", count: max(0, width - difference.path.count))
            Terminal.write("    \(terminal.paint(difference.path, .bold))\(padding)  \(difference.text)\n")
        }
        if differences.count > 20 { Terminal.write("    … and \(differences.count - 20) more\n") }
    }

    private func tell(_ mark: String, _ color: Terminal.Color, _ entry: Session.Entry, _ note: String) {
        let context = entry.request["requestContext"]?["http"]
        let method = context?["method"]?.string ?? "-"
        let path = entry.request["rawPath"]?.string ?? "-"
        Terminal.write(
            "\(terminal.paint(mark, color)) \(entry.sequence) \(method) \(path) \(terminal.paint(entry.function, .dim)) \(note)\n"
        )
    }
}
