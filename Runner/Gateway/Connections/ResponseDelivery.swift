import HTTP
import Wire

/// The response side of a connection: sends responses of functions and of the gateway itself.
extension Connection: ExchangeClient {
    /// A function's whole response.
    func answer(status: Int, fields: AnswerReader, body: [UInt8]) {
        guard let request, state == .waiting else { return }
        let body = services.router.completed(body, of: request.exchange?.target)
        let writer = beginHead(status)
        writer.buffer.append(fields.fields)
        let hasBody = HTTPStatus.mayHaveBody(status)
        if hasBody {
            if !fields.hasContentType, !body.isEmpty { writer.field("Content-Type", "application/json") }
            writer.contentLength(body.count)
        }
        endHead(writer)
        if hasBody, !request.isHead {
            writer.buffer.append(contentsOf: body)
            self.request?.bodyBytes = body.count
        }
        deliver(writer.buffer)
        finishResponse()
    }

    /// The head of a function's streamed response.
    func beginStream(status: Int, fields: AnswerReader) {
        guard var request, state == .waiting else { return }
        // A client that shuts down its side before the stream begins has most likely disconnected.
        if hasInputEnded { return close() }
        request.missingBytes = fields.contentLength
        // HTTP/1.0 has no chunked coding: the body ends when the connection does.
        if request.isHTTP10, fields.contentLength == nil { request.keepsAlive = false }
        self.request = request
        let writer = beginHead(status)
        writer.buffer.append(fields.fields)
        if let length = fields.contentLength {
            writer.contentLength(length)
        } else if !request.isHTTP10 {
            writer.field("Transfer-Encoding", "chunked")
        }
        endHead(writer)
        state = .streaming
        deliver(writer.buffer)
        if request.isHead { abandonStream() }
    }

    /// Part of a streamed response's body.
    func streamChunk(_ bytes: [UInt8]) {
        guard let request, state == .streaming else { return }
        self.request?.bodyBytes += bytes.count
        if let missing = request.missingBytes {
            guard bytes.count <= missing else { return refuse(GatewayError(502, "The body is longer than announced")) }
            self.request?.missingBytes = missing - bytes.count
        }
        bytes.withUnsafeBufferPointer { bytes in
            if request.isHTTP10 || request.missingBytes != nil { return send(bytes) }
            let writer = ResponseWriter(buffer: services.responseBuffer())
            writer.chunk(bytes)
            deliver(writer.buffer)
        }
    }

    /// A streamed response is complete.
    func endStream() {
        guard let request, state == .streaming else { return }
        if let missing = request.missingBytes {
            if missing > 0 { return refuse(GatewayError(502, "The body is shorter than announced")) }
        } else if !request.isHTTP10 {
            send("0\r\n\r\n")
        }
        finishResponse()
    }

    /// A HEAD request needs only the head of the stream.
    private func abandonStream() {
        if let exchange = request?.exchange { services.pools.abandon(exchange) }
        finishResponse()
    }

    /// Responds with an error; the connection stays open. A stream that has begun can only be cut off.
    func refuse(_ error: GatewayError) {
        guard let request, state != .closed else { return }
        guard state != .streaming else {
            services.log.event(
                .warning, "a stream was cut off", [("requestId", request.id), ("reason", error.message)])
            return close(as: error.status)
        }
        let body = ResponseWriter.errorBody(error, requestID: request.id)
        // The preflight must succeed, or the browser does not send the request and the page cannot read its error.
        let isFailedPreflight =
            request.preflightMethod != nil && request.origin != nil && [404, 503].contains(error.status)
        let error = isFailedPreflight ? GatewayError(204, "") : error
        let writer = beginHead(error.status)
        if let origin = request.origin {
            services.crossOrigin.write(origin, preflightMethod: request.preflightMethod, to: writer)
        }
        // RFC 9110 section 11.6.1.
        if error.status == 401 { writer.field("WWW-Authenticate", "Bearer") }
        if let allow = error.allow { writer.field("Allow", allow) }
        if let seconds = error.retryAfter { writer.field("Retry-After", String(seconds)) }
        if error.status == 204 {
            endHead(writer)
        } else {
            writer.field("Content-Type", "application/json")
            writer.contentLength(body.count)
            endHead(writer)
            if !request.isHead {
                writer.buffer.append(body)
                self.request?.bodyBytes = body.count
            }
        }
        deliver(writer.buffer)
        finishResponse()
    }

    /// Responds with an error and closes the connection, because it is unknown where the next request begins.
    func refuseAndClose(_ error: GatewayError) {
        if request == nil {
            // The head could not be parsed, so nothing is known about the request.
            request = Request(
                id: services.requestIDs.next(), method: "-", path: "-", isHead: false, isHTTP10: false,
                receivedAt: Clock.now, keepsAlive: false)
        }
        request?.keepsAlive = false
        request?.exchange = nil
        dropBody()
        state = .waiting
        refuse(error)
    }

    private func beginHead(_ status: Int) -> ResponseWriter {
        request?.status = status
        // The last response announces that the connection closes. Requests that have been read are still answered.
        if services.isDraining, !hasReadAhead { request?.keepsAlive = false }
        let writer = ResponseWriter(buffer: services.responseBuffer())
        writer.beginHead(status: status, date: services.date.bytes(), requestID: request?.id ?? "")
        return writer
    }

    private func endHead(_ writer: ResponseWriter) {
        guard let request else { return }
        writer.endHead(keepsAlive: request.keepsAlive, isHTTP10: request.isHTTP10)
    }

    private func deliver(_ buffer: ByteBuffer) { send(buffer.bytes) }
}

/// How a connection serves requests for the local handler.
extension Connection: LocalClient {
    var isStreaming: Bool { state == .streaming }

    func respond(_ fields: [(StaticString, String)], body: ByteBuffer) {
        guard let request, state == .waiting else { return }
        let writer = beginHead(200)
        for (name, value) in fields { writer.field(name, value) }
        writer.contentLength(body.count)
        endHead(writer)
        if !request.isHead { writer.buffer.append(body) }
        deliver(writer.buffer)
        finishResponse()
    }

    func beginStream(_ fields: [(StaticString, String)]) {
        guard var request, state == .waiting else { return }
        if request.isHTTP10 { request.keepsAlive = false }
        self.request = request
        let writer = beginHead(200)
        for (name, value) in fields { writer.field(name, value) }
        if !request.isHTTP10 { writer.field("Transfer-Encoding", "chunked") }
        endHead(writer)
        deliver(writer.buffer)
        if request.isHead { return finishResponse() }
        state = .streaming
    }
}
