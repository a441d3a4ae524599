import Wire

/// The response side of a connection: what functions and the gateway itself answer with.
extension Connection {
    /// A function's whole answer.
    func answer(status: Int, fields: AnswerReader, body: [UInt8]) {
        guard let request, state == .waiting else { return }
        let body = server.completed(body, for: request)
        let writer = beginHead(status)
        writer.buffer.append(fields.fields)
        // RFC 9110 section 8.6: no length for 204, and a 304 need not tell the length it did not send.
        let hasBody = status != 204 && status != 304
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

    /// The head of a function's streamed answer.
    func beginStream(status: Int, fields: AnswerReader) {
        guard var request, state == .waiting else { return }
        // A client that has shut its side before the stream began has most likely left.
        if hasInputEnded { return close() }
        // HTTP/1.0 has no chunks: the end of the connection is the end of the body.
        if request.isHTTP10 { request.keepsAlive = false }
        self.request = request
        let writer = beginHead(status)
        writer.buffer.append(fields.fields)
        if !request.isHTTP10 { writer.field("Transfer-Encoding", "chunked") }
        endHead(writer)
        state = .streaming
        deliver(writer.buffer)
        if request.isHead { abandonStream() }
    }

    /// A piece of a streamed answer's body.
    func streamChunk(_ bytes: [UInt8]) {
        guard let request, state == .streaming else { return }
        self.request?.bodyBytes += bytes.count
        bytes.withUnsafeBufferPointer { bytes in
            if request.isHTTP10 { return send(bytes) }
            let writer = ResponseWriter(buffer: server.responseBuffer())
            writer.chunk(bytes)
            deliver(writer.buffer)
        }
    }

    /// A streamed answer is complete.
    func endStream() {
        guard let request, state == .streaming else { return }
        if !request.isHTTP10 { send("0\r\n\r\n") }
        finishResponse()
    }

    /// A HEAD request has all that it gets with the head of the stream.
    private func abandonStream() {
        if let exchange = request?.exchange { server.pools.abandon(exchange) }
        finishResponse()
    }

    /// Answers with an error; the connection lives on. A stream that has begun can only be cut.
    func refuse(_ refusal: Refusal) {
        guard let request, state != .closed else { return }
        guard state != .streaming else {
            server.log.event(.warning, "a stream was cut", [("requestId", request.id), ("reason", refusal.message)])
            return close(as: refusal.status)
        }
        let body = ResponseWriter.errorBody(refusal, requestID: request.id)
        // A page may only send the request whose answer it is to read once its preflight is a success.
        let isRefusedPreflight =
            request.preflightMethod != nil && request.origin != nil && [404, 503].contains(refusal.status)
        let refusal = isRefusedPreflight ? Refusal(204, "") : refusal
        let writer = beginHead(refusal.status)
        if let origin = request.origin {
            server.crossOrigin.write(origin, preflightMethod: request.preflightMethod, to: writer)
        }
        // RFC 9110 section 11.6.1.
        if refusal.status == 401 { writer.field("WWW-Authenticate", "Bearer") }
        if let allow = refusal.allow { writer.field("Allow", allow) }
        if let seconds = refusal.retryAfter { writer.field("Retry-After", String(seconds)) }
        if refusal.status == 204 {
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

    /// Answers with an error after which the connection cannot be trusted to be in step.
    func refuseAndClose(_ refusal: Refusal) {
        if request == nil {
            // The head could not be read, so nothing is known of the request.
            request = Request(
                id: server.requestIDs.next(), method: "-", path: "-", isHead: false, isHTTP10: false,
                receivedAt: Clock.now, keepsAlive: false)
        }
        request?.keepsAlive = false
        request?.exchange = nil
        dropBody()
        state = .waiting
        refuse(refusal)
    }

    func beginHead(_ status: Int) -> ResponseWriter {
        request?.status = status
        // Whoever ends says so in time; what has been read already is answered yet.
        if server.isDraining, !hasReadAhead { request?.keepsAlive = false }
        let writer = ResponseWriter(buffer: server.responseBuffer())
        writer.beginHead(status: status, date: server.date.bytes(), requestID: request?.id ?? "")
        return writer
    }

    func endHead(_ writer: ResponseWriter) {
        guard let request else { return }
        writer.endHead(keepsAlive: request.keepsAlive, isHTTP10: request.isHTTP10)
    }

    func deliver(_ buffer: ByteBuffer) { send(buffer.bytes) }
}
