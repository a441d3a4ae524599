import Models
import Wire

/// For gateways that expect whole responses: encodes bodies, and joins the parts of a stream.
final class BufferedResponse: ResponseSink {
    /// Nil until there is a response.
    private(set) var response: Response?
    private let parts = ByteBuffer()
    private var requestId = ""
    private let isOverdue: () -> Bool

    /// - Parameter isOverdue: whether streams should end now.
    init(isOverdue: @escaping () -> Bool = { false }) { self.isOverdue = isOverdue }

    func send(_ response: Response, to request: Request) {
        guard case .json(let write) = response.body else { return self.response = response }
        var writer = JSONWriter()
        write(&writer)
        take(response, body: writer.buffer)
    }

    func begin(_ response: Response, to request: Request) { (self.response, requestId) = (response, request.id) }

    func send(part: String) { parts.append(part) }

    func send(part: [UInt8]) { parts.append(contentsOf: part) }

    /// The text that was sent before a failure is kept. Of a file, a part is nothing.
    func end(isComplete: Bool) {
        guard let response else { return }
        guard case .parts = response.body else { return take(response, body: parts) }
        self.response =
            isComplete
            ? response.with(body: .binary(Array(parts.bytes)))
            : Program.response(
                to: APIError(.serviceUnavailable, "The response could not be read to its end"), requestId: requestId)
    }

    private func take(_ response: Response, body: ByteBuffer) {
        self.response = response
        // NB: a stream is not JSON, but an envelope carries text in the same way.
        self.response?.body = .json { $0.raw(body.bytes) }
    }

    var isGone: Bool { isOverdue() }
}
