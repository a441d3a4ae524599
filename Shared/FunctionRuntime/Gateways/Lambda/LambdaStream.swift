import HTTP
import Wire

/// A response streamed through a function URL: its head as JSON, eight zero bytes, the body.
/// https://docs.aws.amazon.com/lambda/latest/dg/response-streaming.html
final class LambdaStream: ResponseSink {
    private let connection: HTTPConnection
    private let isOverdue: () -> Bool
    /// Whether the response failed midway.
    private(set) var hasFailed = false

    /// - Parameter connection: must have sent the head of the HTTP request.
    init(to connection: HTTPConnection, isOverdue: @escaping () -> Bool) {
        self.connection = connection
        self.isOverdue = isOverdue
    }

    func send(_ response: Response, to request: Request) {
        response.body.withBytes { body in
            begin(response, to: request)
            if request.method != "HEAD" { writeChunk(body) }
        }
    }

    func begin(_ response: Response, to request: Request) {
        var writer = JSONWriter()
        writer.object { head in
            head.key("statusCode")
            head.value(response.status)
            head.key("headers")
            head.object { headers in
                for (name, value) in response.headers where !HeaderField.isReserved(name) {
                    headers.key(name)
                    headers.value(value)
                }
                headers.key("x-request-id")
                headers.value(request.id)
            }
            if !response.cookies.isEmpty {
                head.key("cookies")
                response.cookies.write(to: &head)
            }
        }
        writer.buffer.append(contentsOf: repeatElement(0, count: 8))
        withExtendedLifetime(writer.buffer) { writeChunk(writer.buffer.bytes) }
    }

    func send(part: String) {
        var part = part
        part.withUTF8 { writeChunk($0) }
        connection.output.flush()
    }

    func send(part: [UInt8]) {
        part.withUnsafeBufferPointer { writeChunk($0) }
        connection.output.flush()
    }

    func end(isComplete: Bool) { hasFailed = !isComplete }

    /// An API that responds before the end does not want the rest.
    var isGone: Bool { isOverdue() || connection.output.hasFailed || connection.hasSpoken }

    private func writeChunk(_ bytes: UnsafeBufferPointer<UInt8>) {
        // An empty chunk would end the body.
        guard !bytes.isEmpty else { return }
        connection.output.write(ByteBuffer(String(bytes.count, radix: 16) + "\r\n"))
        connection.output.write(bytes)
        connection.output.write(ByteBuffer("\r\n"))
    }
}
