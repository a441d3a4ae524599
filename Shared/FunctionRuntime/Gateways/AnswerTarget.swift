import Models
import Platform
import Wire

/// Where a gateway wants its answers: whole, or part by part.
protocol AnswerTarget: AnyObject {
    /// Takes a whole response. One to HEAD still has its body, for its length.
    func send(_ response: Response, to request: Request)
    /// Takes the head of a streamed answer.
    func begin(_ response: Response, to request: Request)
    /// Takes a part of a streamed answer, and passes it on at once where it can.
    func send(part: String)
    /// Takes the end of a streamed answer; `isComplete` is false when it failed midway.
    func end(isComplete: Bool)
    /// Whether whoever asked has gone away. Cheap enough for every step of a stream.
    var isGone: Bool { get }
}

extension Program {
    /// Answers one request through a gateway, streams and errors included.
    func serve(_ request: inout Request, to target: some AnswerTarget) {
        let response = answer(&request)
        guard case .stream(let produce) = response.body, request.method != "HEAD" else {
            return target.send(response, to: request)
        }
        let stream = StreamedAnswer(response, to: request, target)
        do {
            try produce(stream)
        } catch {
            guard stream.hasBegun else {
                return target.send(self.response(to: error, request), to: request)
            }
            let cause = (error as? APIError).map { $0.cause ?? $0.message } ?? "\(error)"
            Log.write(
                .error, "The stream ended early", ["requestId": .string(request.id), "cause": .string(cause)])
            return target.end(isComplete: false)
        }
        stream.begin()
        target.end(isComplete: true)
    }

    /// Answers the request that `read` makes, or what it throws.
    func serve(to target: some AnswerTarget, _ read: () throws -> Request) {
        do {
            var request = try read()
            serve(&request, to: target)
        } catch {
            Self.refuse(error, to: target)
        }
    }

    /// Answers what is no request, and so has no id of its own.
    static func refuse(_ error: any Error, to target: some AnswerTarget) {
        let request = Request(id: ULID.make(at: .now()))
        target.send(response(to: error, requestId: request.id), to: request)
    }
}

/// A streamed answer on its way: the head leaves with the first part, so that what fails before it
/// can still get its own status.
private final class StreamedAnswer<Target: AnswerTarget>: ResponseStream {
    private let response: Response
    private let request: Request
    private let target: Target
    private(set) var hasBegun = false

    init(_ response: Response, to request: Request, _ target: Target) {
        self.response = response
        self.request = request
        self.target = target
    }

    func begin() {
        if !hasBegun { target.begin(response, to: request) }
        hasBegun = true
    }

    func send(_ text: String) throws {
        begin()
        target.send(part: text)
    }

    var isCancelled: Bool { target.isGone }
}
