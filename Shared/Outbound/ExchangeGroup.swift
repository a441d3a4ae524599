import Platform
import Wire

/// Concurrent exchanges in any number of `curl` processes. Only their heads matter: bodies are read up to a limit and
/// discarded.
public final class ExchangeGroup<Tag> {
    /// How an exchange ended.
    public struct Ending {
        /// The tag of its request.
        public var tag: Tag
        /// The status of the response, if its head has arrived, even if its body failed.
        public var status: Int?
        /// Why no head arrived; `.cancelled` for an exchange that was abandoned.
        public var error: OutboundError?
        /// The duration in milliseconds.
        public var milliseconds: Int
    }

    private final class Run {
        let command: RunningCommand
        let marker: String
        var exchanges: [Exchange]
        /// An incomplete line of stderr.
        let line = ByteBuffer()
        let startedAt = Moment.now
        /// When all exchanges must be over. At that time, those in a series are cancelled.
        let deadline: Moment
        let isSeries: Bool
        /// Whether an exchange got no response, so the ones after it are abandoned.
        var hasFailed = false

        init(
            _ command: RunningCommand, marker: String, _ exchanges: [Exchange], milliseconds: Int, isSeries: Bool
        ) {
            (self.command, self.marker, self.exchanges, self.isSeries) = (command, marker, exchanges, isSeries)
            deadline = startedAt.adding(milliseconds: Int64(milliseconds))
        }
    }

    private final class Exchange: HTTPReceiver {
        let tag: Tag
        var parser: ResponseParser
        var status: Int?
        var error: OutboundError?
        var hasEnded = false

        init(_ tag: Tag, bodyLimit: Int) {
            self.tag = tag
            parser = ResponseParser(bodyLimit: bodyLimit)
        }

        func receive(_ head: HTTPHead) -> Bool {
            status = head.status
            return true
        }

        func receive(_: UnsafeBufferPointer<UInt8>) -> Bool { true }
    }

    /// Milliseconds that a process may outlive its exchanges.
    private static var slack: Int { 1_000 }
    private static var longestLine: Int { 4096 }
    /// CURLE_WEIRD_SERVER_REPLY.
    private static var weirdReply: Int32 { 8 }

    private var runs: [Run] = []

    public init() {}

    /// The number of running exchanges.
    public var count: Int { runs.reduce(0) { $0 + $1.exchanges.count { !$0.hasEnded } } }

    /// The tags of the running exchanges.
    public var tags: [Tag] { runs.flatMap { $0.exchanges.filter { !$0.hasEnded }.map(\.tag) } }

    /// Begins exchanges in one process. They share the limits of the first. Either all are pinned, or none is.
    ///
    /// - Parameter atOnce: for requests to the same address with the same pin: the number of concurrent exchanges. The
    ///   others follow on the same connections, and the whole series must finish within the time limit of one exchange.
    ///   If one gets no response or the time runs out, the rest are cancelled; some of those may have reached the
    ///   server.
    /// - Throws: `OutboundError.invalidRequest` for all of them, or `.notInstalled` if none could begin.
    public func begin(_ requests: [(tag: Tag, request: HTTPRequest)], atOnce: Int? = nil) throws(OutboundError) {
        guard let first = requests.first?.request else { return }
        let marker = String(UInt64.random(in: .min ... .max), radix: 36)
        let text = try CurlConfiguration.text(
            forParallel: requests.map(\.request), atOnce: atOnce, marker: marker)
        var command = Command(
            "curl", ["-q", "--config", "-"], environment: HTTPRequest.environment(isPinned: first.pin != nil))
        command.input = .bytes(Array(text.utf8))
        command.extraInputs = requests.map { .bytes($0.request.body ?? []) }
        command.extraOutputs = requests.count
        do {
            runs.append(
                Run(
                    try RunningCommand(command), marker: marker,
                    requests.map { Exchange($0.tag, bodyLimit: first.limits.body) },
                    milliseconds: first.limits.total + Self.slack, isSeries: atOnce != nil))
        } catch {
            throw .notInstalled("\(error)")
        }
    }

    /// Descriptors that become readable when something happens.
    public var descriptors: [Int32] { runs.flatMap(\.command.descriptors) }

    /// Returns the exchanges that have ended since the last call. Does not wait.
    public func takeEnded() -> [Ending] {
        var endings: [Ending] = []
        for run in runs { look(at: run, &endings) }
        runs.removeAll { $0.exchanges.allSatisfy(\.hasEnded) }
        return endings
    }

    private func look(at run: Run, _ endings: inout [Ending]) {
        // Checked before reading the output: what a finished process wrote is then read completely.
        let (hasEnded, isLate) = (run.command.hasEnded, Moment.now >= run.deadline)
        var lines: [String] = []
        run.command.readWhatCame(
            errors: { piece in
                for byte in piece {
                    if byte == UInt8(ascii: "\n") {
                        lines.append(run.line.text)
                        run.line.removeAll()
                    } else if run.line.count < Self.longestLine {
                        run.line.append(byte)
                    }
                }
            },
            extra: { index, piece in
                let exchange = run.exchanges[index]
                do {
                    return try exchange.parser.parse(piece, for: exchange)
                } catch {
                    // A body that is too long does not invalidate the head before it.
                    if exchange.status == nil { exchange.error = error as? OutboundError }
                    return false
                }
            })
        for line in lines { end(line, of: run, &endings) }
        let isCancelled = run.isSeries && (isLate || run.hasFailed)
        guard hasEnded || isLate || isCancelled else { return }
        for exchange in run.exchanges where !exchange.hasEnded {
            let error: OutboundError =
                isCancelled ? .cancelled : isLate ? .timedOut : .interrupted("curl ended before the exchange did")
            end(exchange, error, Int(Moment.now.since(run.startedAt)), &endings)
        }
    }

    /// Reads the line that `curl` writes at the end of an exchange. Other lines are ignored.
    private func end(_ line: String, of run: Run, _ endings: inout [Ending]) {
        let words = line.split(atByte: " ", maxSplits: 5, omittingEmptySubsequences: false)
        guard words.count == 6, words[0] == run.marker, let index = Int(words[1]), let exitStatus = Int32(words[2]),
            run.exchanges.indices.contains(index), !run.exchanges[index].hasEnded
        else { return }
        // `curl` fails when a head describes its body too wrongly, but the status is valid.
        if exitStatus == Self.weirdReply, run.exchanges[index].status == nil, let status = Int(words[3]), status >= 200
        {
            run.exchanges[index].status = status
        }
        let time = words[4].split(atByte: ".").compactMap { Int($0) }
        let milliseconds = (time.first ?? 0) * 1000 + (time.count > 1 ? time[1] / 1000 : 0)
        let detail = words[5].isEmpty ? "curl gave no reason" : String(words[5].prefix(300))
        run.command.closeExtraOutput(index)
        if run.exchanges[index].status == nil { run.hasFailed = true }
        end(
            run.exchanges[index], OutboundError(exitStatus: exitStatus, detail) ?? .interrupted("no HTTP response"),
            milliseconds, &endings)
    }

    private func end(
        _ exchange: Exchange, _ error: OutboundError, _ milliseconds: Int, _ endings: inout [Ending]
    ) {
        exchange.hasEnded = true
        endings.append(
            Ending(
                tag: exchange.tag, status: exchange.status,
                error: exchange.status == nil ? exchange.error ?? error : nil, milliseconds: milliseconds))
    }
}
