import Wire

/// For gateways that take answers whole: the parts of a stream are joined.
final class WholeAnswer: AnswerTarget {
    /// What to answer, once there is an answer.
    private(set) var response: Response?
    private let parts = ByteBuffer()
    private let isOverdue: () -> Bool

    /// - Parameter isOverdue: whether it is time to come to an end.
    init(isOverdue: @escaping () -> Bool = { false }) { self.isOverdue = isOverdue }

    func send(_ response: Response, to request: Request) { self.response = response }

    func begin(_ response: Response, to request: Request) { self.response = response }

    func send(part: String) { parts.append(part) }

    /// What was said until then is told in any case.
    func end(isComplete: Bool) {
        let parts = parts
        // NB: not JSON, but text is put into an envelope just like it.
        response?.body = .json { $0.raw(parts.bytes) }
    }

    var isGone: Bool { isOverdue() }
}
