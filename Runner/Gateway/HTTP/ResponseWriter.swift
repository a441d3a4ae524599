import Wire

/// Writes response heads and chunks (RFC 9112) into a byte buffer.
struct ResponseWriter {
    let buffer: ByteBuffer

    /// The status line and the fields that every response carries.
    func beginHead(status: Int, date: Bytes, requestID: String) {
        buffer.append("HTTP/1.1 " as StaticString)
        buffer.append(decimal: Int64(status))
        buffer.append(UInt8(ascii: " "))
        buffer.append(Self.reason(status))
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

    /// How the connection goes on: nothing is said where the version's own habit says it.
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

    /// The body of an error that the gateway makes itself, in the API's error shape.
    static func errorBody(_ refusal: Refusal, requestID: String) -> ByteBuffer {
        var writer = JSONWriter(into: ByteBuffer(capacity: 256))
        writer.object { writer in
            writer.key("success")
            writer.value(false)
            writer.key("error")
            writer.object { writer in
                writer.key("code")
                writer.value(refusal.code.description)
                writer.key("message")
                writer.value(refusal.message)
                writer.key("requestId")
                writer.value(requestID)
            }
        }
        return writer.buffer
    }

    /// The reason phrases of RFC 9110 section 15; clients ignore them.
    static func reason(_ status: Int) -> StaticString {
        switch status {
        case 200: "OK"
        case 201: "Created"
        case 202: "Accepted"
        case 204: "No Content"
        case 206: "Partial Content"
        case 301: "Moved Permanently"
        case 302: "Found"
        case 303: "See Other"
        case 304: "Not Modified"
        case 307: "Temporary Redirect"
        case 308: "Permanent Redirect"
        case 400: "Bad Request"
        case 401: "Unauthorized"
        case 403: "Forbidden"
        case 404: "Not Found"
        case 405: "Method Not Allowed"
        case 408: "Request Timeout"
        case 409: "Conflict"
        case 410: "Gone"
        case 412: "Precondition Failed"
        case 413: "Content Too Large"
        case 414: "URI Too Long"
        case 415: "Unsupported Media Type"
        case 416: "Range Not Satisfiable"
        case 417: "Expectation Failed"
        case 421: "Misdirected Request"
        case 422: "Unprocessable Content"
        case 429: "Too Many Requests"
        case 431: "Request Header Fields Too Large"
        case 500: "Internal Server Error"
        case 502: "Bad Gateway"
        case 503: "Service Unavailable"
        case 504: "Gateway Timeout"
        case 505: "HTTP Version Not Supported"
        default: "Status"
        }
    }
}
