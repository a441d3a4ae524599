import Models
import Platform
import Wire

/// Takes responses to a gateway, whole or part by part.
protocol ResponseSink: AnyObject {
    /// Takes a whole response. A response to HEAD still includes the body, from which its length is computed.
    func send(_ response: Response, to request: Request)
    /// Takes the head of a streamed response.
    func begin(_ response: Response, to request: Request)
    /// Takes part of a streamed response, and passes it on at once if possible.
    func send(part: String)
    /// The same for a part of binary content.
    func send(part: [UInt8])
    /// Takes the end of a streamed response. `isComplete` is false if the stream failed midway.
    func end(isComplete: Bool)
    /// Whether the client has disconnected. Cheap enough to call at every step of a stream.
    var isGone: Bool { get }
}

extension Program {
    /// Serves one request through a gateway, including streams and errors.
    func serve(_ request: inout Request, to sink: some ResponseSink) {
        request.isAbandoned = { sink.isGone }
        let response = self.response(to: &request)
        if request.method == "HEAD" { return sink.send(response, to: request) }
        let stream = StreamedResponse(response, to: request, sink)
        do {
            switch response.body {
            case .stream(let produce): try produce(stream)
            case .parts(_, let next): try stream.send(all: next)
            default: return sink.send(response, to: request)
            }
        } catch {
            guard stream.hasBegun else {
                return sink.send(self.response(to: error, request), to: request)
            }
            let cause = (error as? APIError).map { $0.cause ?? $0.message } ?? "\(error)"
            Log.write(
                .error, "The stream ended early", ["requestId": .string(request.id), "cause": .string(cause)])
            return sink.end(isComplete: false)
        }
        stream.begin()
        sink.end(isComplete: true)
    }

    /// Serves the request that `read` returns, or responds with the error that it throws.
    func serve(to sink: some ResponseSink, _ read: () throws -> Request) {
        do {
            var request = try read()
            serve(&request, to: sink)
        } catch {
            Self.refuse(error, to: sink)
        }
    }

    /// Responds to input that is not a request and therefore has no request id.
    static func refuse(_ error: any Error, to sink: some ResponseSink) {
        let request = Request(id: ULID.make(at: .now()))
        sink.send(response(to: error, requestId: request.id), to: request)
    }
}

/// A streamed response. The head is sent with the first part, so that an earlier failure still gets its own status.
private final class StreamedResponse<Sink: ResponseSink>: ResponseStream {
    private let response: Response
    private let request: Request
    private let sink: Sink
    private(set) var hasBegun = false

    init(_ response: Response, to request: Request, _ sink: Sink) {
        self.response = response
        self.request = request
        self.sink = sink
    }

    func begin() {
        if !hasBegun { sink.begin(response, to: request) }
        hasBegun = true
    }

    func send(_ text: String) throws {
        begin()
        sink.send(part: text)
    }

    /// Sends parts until there are no more.
    func send(all next: () throws -> [UInt8]?) throws {
        while let part = try next() {
            begin()
            sink.send(part: part)
            if sink.isGone { throw APIError(.serviceUnavailable, "The client has not waited for all parts") }
        }
    }

    var isCancelled: Bool { sink.isGone }
}
