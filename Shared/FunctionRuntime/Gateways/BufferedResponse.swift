import Wire

/// For gateways that expect whole responses: encodes bodies, and joins the parts of a stream.
final class BufferedResponse: ResponseSink {
    /// Nil until there is a response.
    private(set) var response: Response?
    private let parts = ByteBuffer()
    private let isOverdue: () -> Bool

    /// - Parameter isOverdue: whether streams should end now.
    init(isOverdue: @escaping () -> Bool = { false }) { self.isOverdue = isOverdue }

    func send(_ response: Response, to request: Request) {
        guard case .json(let write) = response.body else { return self.response = response }
        var writer = JSONWriter()
        write(&writer)
        take(response, body: writer.buffer)
    }

    func begin(_ response: Response, to request: Request) { self.response = response }

    func send(part: String) { parts.append(part) }

    /// Parts that were sent before a failure are kept in any case.
    func end(isComplete: Bool) {
        if let response { take(response, body: parts) }
    }

    private func take(_ response: Response, body: ByteBuffer) {
        self.response = response
        // NB: a stream is not JSON, but an envelope carries text in the same way.
        self.response?.body = .json { $0.raw(body.bytes) }
    }

    var isGone: Bool { isOverdue() }
}
