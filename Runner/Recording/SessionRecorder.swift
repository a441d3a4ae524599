import Gateway
import Glibc
import Masking
import Platform
import Wire

/// Writes the requests and responses of functions to a file, one JSON object per line.
///
/// The first line describes the file. Every other line is an invocation with `sequence` (the order in which requests
/// began), `time`, `function`, `status`, `request` (the envelope), `response` (the envelope; null if the gateway
/// answered instead), and for a streamed response `stream`, the lines after its head.
package final class SessionRecorder: Observer {
    static let format = "ainexlayer-session"
    static let version: Int64 = 1

    private let descriptor: Int32
    private let path: String
    private let log: GatewayLog
    private let keepsSecrets: Bool
    private let pending = ByteBuffer(capacity: 16 * 1024)
    private var isBroken = false

    /// Creates the file, readable only by its owner. Fails if the file exists, because two sessions in one file cannot
    /// be replayed.
    /// - Returns: nil with `errno` set.
    package init?(_ path: String, keepsSecrets: Bool, log: GatewayLog) {
        descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { return nil }
        self.path = path
        self.keepsSecrets = keepsSecrets
        self.log = log
        append([
            "format": .string(Self.format), "version": .int(Self.version), "runner": .string(runnerVersion),
            "secrets": .string(keepsSecrets ? "kept" : "replaced"), "time": .string(Timestamp.now().description),
        ])
    }

    deinit { close(descriptor) }

    package func requestEnded(_ invocation: Invocation) {
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
        // Only a response that the client received counts. If the function crashed within it, none is recorded.
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

    package var captureLimit: Int { .max }

    /// Writes what has been collected. A full disk ends the recording, not the gateway.
    package func batchEnded() {
        guard !isBroken, !pending.isEmpty else { return }
        var written = 0
        while written < pending.count {
            guard case .bytes(let count) = Descriptor.write(descriptor, pending.bytes.slice(from: written)), count > 0
            else {
                isBroken = true
                log.event(
                    .error, "the recording was cut off", [("file", path), ("reason", String(cString: strerror(errno)))])
                break
            }
            written += count
        }
        pending.removeAll(keepingAtMost: 64 * 1024)
    }
}
