import Wire

/// For gateways that take answers whole: bodies are written out, the parts of a stream are joined.
final class WholeAnswer: AnswerTarget {
    /// What to answer, once there is an answer.
    private(set) var response: Response?
    private let parts = ByteBuffer()
    private let isOverdue: () -> Bool

    /// - Parameter isOverdue: whether it is time to come to an end.
    init(isOverdue: @escaping () -> Bool = { false }) { self.isOverdue = isOverdue }

    func send(_ response: Response, to request: Request) {
        guard case .json(let write) = response.body else { return self.response = response }
        var writer = JSONWriter()
        write(&writer)
        take(response, body: writer.buffer)
    }

    func begin(_ response: Response, to request: Request) { self.response = response }

    func send(part: String) { parts.append(part) }

    /// What was said until then is told in any case.
    func end(isComplete: Bool) {
        if let response { take(response, body: parts) }
    }

    private func take(_ response: Response, body: ByteBuffer) {
        self.response = response
        // NB: a stream is no JSON, but text is put into an envelope just like it.
        self.response?.body = .json { $0.raw(body.bytes) }
    }

    var isGone: Bool { isOverdue() }
}
