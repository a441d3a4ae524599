import HTTP
import Wire

/// Writes response heads and chunks (RFC 9112) into a byte buffer.
struct ResponseWriter {
    let buffer: ByteBuffer

    /// The status line and the fields that every response carries.
    func beginHead(status: Int, date: Bytes, requestID: String) {
        buffer.append("HTTP/1.1 " as StaticString)
        buffer.append(decimal: Int64(status))
        buffer.append(UInt8(ascii: " "))
        buffer.append(HTTPStatus.reason(status))
        buffer.append("\r\nDate: " as StaticString)
        buffer.append(date)
        buffer.append("\r\nServer: AINexLayer\r\nX-Request-Id: " as StaticString)
        buffer.append(requestID)
        newLine()
    }

    func field(_ name: StaticString, _ value: String) {
        buffer.append(name)
        buffer.append(": " as StaticString)
        buffer.append(value)
        newLine()
    }

    func contentLength(_ count: Int) {
        buffer.append("Content-Length: " as StaticString)
        buffer.append(decimal: Int64(count))
        newLine()
    }

    /// Ends the head. `Connection` is written only if it differs from the default of the HTTP version.
    func endHead(keepsAlive: Bool, isHTTP10: Bool) {
        if !keepsAlive {
            buffer.append("Connection: close\r\n" as StaticString)
        } else if isHTTP10 {
            buffer.append("Connection: keep-alive\r\n" as StaticString)
        }
        newLine()
    }

    func chunk(_ bytes: Bytes) {
        // An empty chunk would end the body.
        guard !bytes.isEmpty else { return }
        let digits = (Int.bitWidth - bytes.count.leadingZeroBitCount + 3) / 4
        for place in (0..<digits).reversed() {
            buffer.append(Hex.digit(UInt8(truncatingIfNeeded: bytes.count >> (place * 4) & 15)))
        }
        newLine()
        buffer.append(bytes)
        newLine()
    }

    private func newLine() { buffer.append("\r\n" as StaticString) }

    /// The body of an error response by the gateway itself.
    static func errorBody(_ error: GatewayError, requestID: String) -> ByteBuffer {
        var writer = JSONWriter(into: ByteBuffer(capacity: 256))
        ErrorEnvelope.write(
            to: &writer, code: error.code.description, message: error.message, requestId: requestID)
        return writer.buffer
    }
}
