import Gateway
import Glibc
import Recording
import Wire

/// `runner replay FILE`
package enum ReplayCommand {
    /// `EX_NOINPUT`
    private static let noInput: Int32 = 66
    private static let limits = ["RATE_LIMIT_AUTH", "RATE_LIMIT_GENERAL", "RATE_LIMIT_UPLOAD", "RATE_LIMIT_CHAT"]

    package static func run(_ options: Options) -> Int32 {
        guard let file = options.operands.first, options.operands.count == 1 else {
            return Terminal.fail("replay needs one file from runner serve --record", code: 64)
        }
        guard let bytes = FileContents.read(file) else {
            return Terminal.fail("\(file): \(String(cString: strerror(errno)))", code: noInput)
        }
        let session: RecordedSession
        do throws(RecordedSession.Malformed) {
            session = try bytes.withUnsafeBufferPointer { bytes throws(RecordedSession.Malformed) in
                try RecordedSession(bytes)
            }
        } catch {
            return Terminal.fail("\(file): \(error.reason)", code: noInput)
        }
        var options = options
        for limit in limits where options.environment[limit] == nil { options.environment[limit] = "0" }
        guard options.dataOverride == nil else { return replay(session, options) }
        guard let folder = TemporaryFolder(options.environment, name: "runner-replay") else {
            return Terminal.fail("cannot create a temporary folder: \(String(cString: strerror(errno)))", code: 1)
        }
        defer { folder.remove() }
        options.dataOverride = folder.path
        return replay(session, options)
    }

    private static func replay(_ session: RecordedSession, _ options: Options) -> Int32 {
        guard let server = GatewaySetup.makeServer(options) else { return GatewaySetup.failed() }
        guard server.learnFunctions() != nil else { return GatewaySetup.folderFailed(options) }
        defer { server.stop() }
        var replay = Replay(server, ignoring: options.replay.ignored, terminal: Terminal(options))
        for entry in session.entries {
            guard replay.send(entry) else { return 130 }
        }
        Terminal.write(replay.summary + "\n")
        return replay.different == 0 && replay.same > 0 ? 0 : 1
    }
}

/// Sends the requests of a session, and compares the responses.
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

    /// - Returns: false if a signal ended it.
    mutating func send(_ entry: RecordedSession.Entry) -> Bool {
        if entry.status == 429 || entry.status == 499 {
            skipped += 1
            print("-", .dim, entry, "not sent: \(entry.status)")
            return true
        }
        guard let function = server.function(named: entry.function) else {
            report(entry, [.init(path: "function", text: "\(entry.function) no longer exists")])
            return true
        }
        let id = server.nextRequestID()
        let request = substitution.applied(to: entry.request)
        let method = request["requestContext"]?["http"]?["method"]?.string ?? ""
        if let recorded = entry.request["requestContext"]?["requestId"]?.string { substitution.learn(recorded, id) }
        guard
            let outcome = server.call(
                function, Envelope.line(request, requestID: id), requestID: id, method: method)
        else { return false }
        report(entry, differences(entry, outcome))
        return true
    }

    private mutating func differences(
        _ entry: RecordedSession.Entry, _ outcome: CallOutcome
    ) -> [Comparison.Difference] {
        var answers = outcome.lines.map { (try? JSONReader.parse($0)) ?? .string($0) }
        if entry.response.isNull || answers.isEmpty {
            guard entry.status != outcome.status else { return [] }
            let why = outcome.error.map { " (\($0.message))" } ?? ""
            return [.init(path: "status", text: "\(entry.status) → \(outcome.status)\(why)")]
        }
        var comparison = Comparison(ignoring: ignored)
        let head = answers.removeFirst()
        comparison.compare(entry.response, entry.stream, with: head, answers, using: &substitution)
        return comparison.differences
    }

    private mutating func report(_ entry: RecordedSession.Entry, _ differences: [Comparison.Difference]) {
        if differences.isEmpty {
            same += 1
            return print("✔", .green, entry, "\(entry.status)")
        }
        different += 1
        print("✘", .red, entry, "")
        let width = min(40, differences.map(\.path.count).max() ?? 0)
        for difference in differences.prefix(20) {
            let padding = String(repeating: " ", count: max(0, width - difference.path.count))
            Terminal.write("    \(terminal.paint(difference.path, .bold))\(padding)  \(difference.text)\n")
        }
        if differences.count > 20 { Terminal.write("    … and \(differences.count - 20) more\n") }
    }

    private func print(_ mark: String, _ color: Terminal.Color, _ entry: RecordedSession.Entry, _ note: String) {
        let context = entry.request["requestContext"]?["http"]
        let method = context?["method"]?.string ?? "-"
        let path = entry.request["rawPath"]?.string ?? "-"
        Terminal.write(
            "\(terminal.paint(mark, color)) \(entry.sequence) \(method) \(path) \(terminal.paint(entry.function, .dim)) \(note)\n"
        )
    }
}
