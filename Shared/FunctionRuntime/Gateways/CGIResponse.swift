import HTTP
import Models
import Platform
import Wire

/// Where the bytes of a response go: stdout, or the records of a FastCGI connection.
protocol ByteSink: AnyObject {
    /// Takes bytes. It may hold them back until there are more.
    func write(_ bytes: UnsafeBufferPointer<UInt8>)
    /// Sends the bytes held back.
    func flush()
    /// Whether the reader is gone. Cheap enough for every step of a stream.
    var isBroken: Bool { get }
}

extension ByteSink {
    func write(_ buffer: ByteBuffer) { withExtendedLifetime(buffer) { write(buffer.bytes) } }
}

/// Responses as CGI defines them (RFC 3875 section 6), and FastCGI too: `Status:`, the other fields, an empty line, the
/// body.
final class CGIResponse<Sink: ByteSink>: ResponseSink {
    let sink: Sink
    private let head = ByteBuffer()
    private let beforeWhole: () -> Void
    /// Whether a stream failed midway.
    private(set) var hasFailed = false

    /// - Parameter beforeWhole: is called before a whole response is written.
    init(to sink: Sink, beforeWhole: @escaping () -> Void = {}) {
        self.sink = sink
        self.beforeWhole = beforeWhole
    }

    /// - Note: does not flush: the adapter may have more to write.
    func send(_ response: Response, to request: Request) {
        response.body.withBytes { body in
            beforeWhole()
            let mayHaveBody = HTTPStatus.mayHaveBody(response.status)
            writeHead(response, to: request, length: mayHaveBody ? Self.length(of: response, body) : nil)
            if mayHaveBody, request.method != "HEAD" { sink.write(body) }
        }
    }

    func begin(_ response: Response, to request: Request) { writeHead(response, to: request, length: nil) }

    func send(part: String) {
        var part = part
        part.withUTF8 { sink.write($0) }
        sink.flush()
    }

    /// A stream has no length, so its end cannot say whether it is complete.
    func end(isComplete: Bool) { hasFailed = !isComplete }

    var isGone: Bool { sink.isBroken }

    /// It must be exact: servers hang or truncate otherwise. Nil for a stream in response to HEAD.
    private static func length(of response: Response, _ body: UnsafeBufferPointer<UInt8>) -> Int? {
        if case .stream = response.body { return nil }
        return body.count
    }

    // MARK: The head

    private func writeHead(_ response: Response, to request: Request, length: Int?) {
        // NB: without a status, Apache replaces a response that has a `location` by the one of that path.
        head.append("Status: " as StaticString)
        head.append(decimal: Int64(response.status))
        head.append(UInt8(ascii: " "))
        head.append(HTTPStatus.reason(response.status))
        endLine()
        for (name, value) in response.headers where !HeaderField.isReserved(name) { field(name, value) }
        for cookie in response.cookies { field("set-cookie", cookie) }
        field("x-request-id", request.id)
        if let length { field("content-length", String(length)) }
        endLine()
        sink.write(head)
        head.removeAll()
    }

    /// Leaves out a field that would end the head early or become two fields.
    private func field(_ name: String, _ value: String) {
        guard HeaderField.isValid(name, value) else {
            return Log.write(.error, "A header field with a line break was left out", ["name": .string(name)])
        }
        head.append(name)
        head.append(": " as StaticString)
        head.append(value)
        endLine()
    }

    private func endLine() { head.append("\r\n" as StaticString) }
}

extension HeaderField {
    /// Whether a function's response may not set a field: fields of the connection, and those that only the adapter can
    /// know.
    static func isReserved(_ name: String) -> Bool { isHopByHop(name) || name == "content-length" || name == "status" }
}

extension Response.Body {
    /// Calls `body` with the bytes; none for a stream.
    func withBytes(_ body: (UnsafeBufferPointer<UInt8>) -> Void) {
        switch self {
        case .none, .stream: body(UnsafeBufferPointer(start: nil, count: 0))
        case .json(let write):
            var writer = JSONWriter()
            write(&writer)
            withExtendedLifetime(writer.buffer) { body(writer.buffer.bytes) }
        case .text(let text): text.withUTF8Buffer(body)
        case .binary(let bytes): bytes.withUnsafeBufferPointer(body)
        }
    }
}
