import HTTP
import Models
import Platform
import Wire

/// Where the bytes of a response go: stdout, or the records of a FastCGI connection.
protocol ByteSink: AnyObject {
    /// Takes bytes, and may hold them back until there are more.
    func write(_ bytes: UnsafeBufferPointer<UInt8>)
    /// Sends the bytes that were held back.
    func flush()
    /// Whether the reader is gone. Cheap enough to call at every step of a stream.
    var isBroken: Bool { get }
}

extension ByteSink {
    func write(_ buffer: ByteBuffer) { withExtendedLifetime(buffer) { write(buffer.bytes) } }
}

/// Writes responses as CGI defines them (RFC 3875 section 6), which FastCGI shares: `Status:`, the other fields, an
/// empty line, the body.
final class CGIResponse<Sink: ByteSink>: ResponseSink {
    let sink: Sink
    private let head = ByteBuffer()
    private let beforeWhole: () -> Void
    /// Whether a stream failed midway.
    private(set) var hasFailed = false

    /// - Parameter beforeWhole: called before a whole response is written.
    init(to sink: Sink, beforeWhole: @escaping () -> Void = {}) {
        self.sink = sink
        self.beforeWhole = beforeWhole
    }

    /// - Note: does not flush, because the adapter may have more to write.
    func send(_ response: Response, to request: Request) {
        response.body.withBytes { body in
            beforeWhole()
            let mayHaveBody = HTTPStatus.mayHaveBody(response.status)
            writeHead(response, to: request, length: mayHaveBody ? Self.length(of: response, body) : nil)
            if mayHaveBody, request.method != "HEAD" { sink.write(body) }
        }
    }

    func begin(_ response: Response, to request: Request) {
        writeHead(response, to: request, length: Self.length(of: response, .init(start: nil, count: 0)))
    }

    func send(part: String) {
        var part = part
        part.withUTF8 { sink.write($0) }
        sink.flush()
    }

    func send(part: [UInt8]) {
        part.withUnsafeBufferPointer { sink.write($0) }
        sink.flush()
    }

    /// A stream has no length, so its end cannot say whether it is complete.
    func end(isComplete: Bool) { hasFailed = !isComplete }

    var isGone: Bool { sink.isBroken }

    /// The length must be exact, or servers hang or truncate. Nil for a stream of unknown length.
    private static func length(of response: Response, _ body: UnsafeBufferPointer<UInt8>) -> Int? {
        switch response.body {
        case .stream: nil
        case .parts(let length, _): length
        case .none, .json, .text, .binary: body.count
        }
    }

    // MARK: The head

    private func writeHead(_ response: Response, to request: Request, length: Int?) {
        // NB: without a status, Apache replaces a response that has a `location` with the resource at that path.
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

    /// Omits a field that would end the head early or be read as two fields.
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
    /// Whether a function's response must not set this field: connection fields, and fields that only the adapter can
    /// know.
    static func isReserved(_ name: String) -> Bool { isHopByHop(name) || name == "content-length" || name == "status" }
}

extension Response.Body {
    /// Calls `body` with the bytes; with no bytes for what is sent part by part.
    func withBytes(_ body: (UnsafeBufferPointer<UInt8>) -> Void) {
        switch self {
        case .none, .stream, .parts: body(UnsafeBufferPointer(start: nil, count: 0))
        case .json(let write):
            var writer = JSONWriter()
            write(&writer)
            withExtendedLifetime(writer.buffer) { body(writer.buffer.bytes) }
        case .text(let text): text.withUTF8Buffer(body)
        case .binary(let bytes): bytes.withUnsafeBufferPointer(body)
        }
    }
}
