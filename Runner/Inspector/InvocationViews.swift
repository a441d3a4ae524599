import Gateway
import Masking
import Wire

/// Invocations as lines of a list.
struct InvocationList {
    let invocations: [Invocation]
    /// The highest number so far, whether it is shown or not.
    let last: Int

    var json: JSON {
        ["last": .int(Int64(last)), "invocations": .array(invocations.map(Self.line))]
    }

    static func line(_ invocation: Invocation) -> JSON {
        let used = (invocation.queueDuration ?? 0) + (invocation.functionDuration ?? 0)
        let capture = invocation.capture
        return [
            "number": number(invocation.number), "time": .string(invocation.time.description),
            "requestId": .string(invocation.requestID), "method": .string(invocation.method),
            "path": .string(SecretMask.page.text(invocation.path)), "status": number(invocation.status),
            "function": invocation.pool.map { .string($0.name) } ?? .null, "cold": .bool(invocation.wasCold),
            "totalMs": milliseconds(invocation.duration), "receiveMs": milliseconds(invocation.receiveDuration),
            "queueMs": milliseconds(invocation.queueDuration), "functionMs": milliseconds(invocation.functionDuration),
            "gatewayMs": milliseconds(max(0, invocation.duration - used)),
            "requestBytes": number(invocation.requestBytes), "responseBytes": number(invocation.responseBytes),
            "memory": number(invocation.memory),
            "errorLines": number((capture?.errorLines.count ?? 0) + (capture?.omittedErrorLines ?? 0)),
            "origin": invocation.origin.map(number) ?? .null,
            "canReplay": .bool(capture?.hasWholeRequest ?? false),
        ]
    }

    private static func number(_ value: Int) -> JSON { .int(Int64(value)) }

    static func milliseconds(_ duration: Int64?) -> JSON { duration.map { .double(Double($0) / 1000) } ?? .null }
}

/// One invocation with its envelopes and what its function wrote to stderr.
struct InvocationDetail {
    static let placeholder = "••••••"
    static var mask: SecretMask { .page }

    private let invocation: Invocation
    private let mask: SecretMask?

    init(_ invocation: Invocation, showsSecrets: Bool) {
        self.invocation = invocation
        mask = showsSecrets ? nil : Self.mask
    }

    var json: JSON {
        var detail = InvocationList.line(invocation).object ?? JSONObject()
        guard let capture = invocation.capture else { return .object(detail) }
        detail["request"] = shown(Envelope.parse(capture.request.bytes))
        detail["omittedRequestBytes"] = .int(Int64(capture.omittedRequestBytes))
        detail["omittedResponseBytes"] = .int(Int64(capture.omittedResponseBytes))
        var lines: [JSON] = []
        capture.response?.bytes.forEachPart(separatedBy: ASCII.lineFeed) { line in
            lines.append(
                shown(Envelope.parse(line)) == .null
                    ? .string(mask?.unparsed(line.text) ?? line.text) : shown(Envelope.parse(line)))
        }
        detail["response"] = lines.first ?? .null
        if lines.count > 1 { detail["stream"] = .array(Array(lines.dropFirst())) }
        detail["stderr"] = .array(capture.errorLines.map { .string(text($0)) })
        detail["omittedErrorLines"] = .int(Int64(capture.omittedErrorLines))
        return .object(detail)
    }

    private func shown(_ envelope: JSON?) -> JSON {
        guard let envelope else { return .null }
        let plain = Envelope.unfolded(envelope)
        return mask?.applied(to: plain) ?? plain
    }

    private func text(_ text: String) -> String { mask?.text(text) ?? text }
}

extension SecretMask {
    /// The page's mask, which reveals nothing about a secret, not even its length.
    static let page = SecretMask(replacement: { _, _ in InvocationDetail.placeholder })
}
