import Glibc
import Platform
import Wire

/// Writes what functions were asked and what they answered into a file, one JSON object a line.
///
/// The first line says what the file is. Every other one is an invocation:
/// `sequence` (the order in which they began), `time`, `function`, `status`, `request` (the envelope),
/// `response` (the envelope; null where the gateway answered in its place), and for a streamed answer
/// `stream`, the lines behind its head.
final class SessionRecorder {
    static let format = "ainexlayer-session"
    static let version: Int64 = 1

    private let descriptor: Int32
    private let path: String
    private let log: GatewayLog
    private let keepsSecrets: Bool
    private let pending = ByteBuffer(capacity: 16 * 1024)
    private var isBroken = false

    /// Makes the file, readable by its owner alone. One that is there already is left alone, because
    /// two sessions in one file could not be replayed.
    /// - Returns: nil with `errno` set.
    init?(_ path: String, keepsSecrets: Bool, log: GatewayLog) {
        descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { return nil }
        self.path = path
        self.keepsSecrets = keepsSecrets
        self.log = log
        append([
            "format": .string(Self.format), "version": .int(Self.version), "runner": .string(Program.version),
            "secrets": .string(keepsSecrets ? "kept" : "replaced"), "time": .string(Timestamp.now().description),
        ])
    }

    deinit { close(descriptor) }

    func take(_ invocation: Invocation) {
        guard !isBroken, let pool = invocation.pool, let capture = invocation.capture,
            let request = Envelope.parse(capture.request.bytes)
        else { return }
        var line: JSONObject = [
            "sequence": .int(Int64(invocation.sequence)), "time": .string(invocation.time.description),
            "function": .string(pool.name), "status": .int(Int64(invocation.status)), "request": shown(request),
        ]
        var answers: [JSON] = []
        capture.response?.bytes.forEachPart(separatedBy: ASCII.lineFeed) { bytes in
            answers.append(Envelope.parse(bytes).map(shown) ?? .string(unparsed(bytes.text)))
        }
        // What the client got is what counts: a crash in the midst of an answer is none.
        let isOwn = invocation.status == answers.first?["statusCode"]?.int
        line["response"] = isOwn ? answers.first ?? .null : .null
        if isOwn, answers.count > 1 { line["stream"] = .array(Array(answers.dropFirst())) }
        append(.object(line))
    }

    private func shown(_ envelope: JSON) -> JSON { keepsSecrets ? envelope : StandIn.mask.applied(to: envelope) }

    private func unparsed(_ text: String) -> String { keepsSecrets ? text : StandIn.mask.unparsed(text) }

    private func append(_ line: JSON) {
        pending.append(line.text)
        pending.append(ASCII.lineFeed)
    }

    /// Writes what has been collected. A disk that is full ends the recording, not the gateway.
    func flush() {
        guard !isBroken, !pending.isEmpty else { return }
        var written = 0
        while written < pending.count {
            guard case .bytes(let count) = Descriptor.write(descriptor, pending.bytes.slice(from: written)), count > 0
            else {
                isBroken = true
                log.event(
                    .error, "the recording ends here", [("file", path), ("reason", String(cString: strerror(errno)))])
                break
            }
            written += count
        }
        pending.removeAll(keepingAtMost: 64 * 1024)
    }
}
