import Wire

/// The request side of a connection: reads heads and bodies.
extension Connection {
    /// - Returns: the length of the head, or 0 if it is incomplete.
    func takeHead(_ bytes: UnsafeMutableBufferPointer<UInt8>) throws(GatewayError) -> Int {
        let view = Bytes(bytes)
        // Some clients send an empty line after a body (RFC 9112 section 2.2).
        if scanned == 0, view.count >= 2, view.slice(0..<2).equals("\r\n") { return 2 }
        if scanned == 0, view.count == 1, view[0] == ASCII.carriageReturn { return 0 }
        guard
            let length = try RequestParser.headLength(
                view, scanned: &scanned, limits: services.configuration.headLimits)
        else { return 0 }
        scanned = 0
        isWithinHead = false
        let head = services.head
        try RequestParser.parse(
            UnsafeMutableBufferPointer(rebasing: bytes[..<length]), into: head,
            limits: services.configuration.headLimits)
        try begin(head, hasMore: bytes.count > length)
        return length
    }

    private func begin(_ head: RequestHead, hasMore: Bool) throws(GatewayError) {
        let started = Request(
            id: head.requestID.isEmpty ? services.requestIDs.next() : head.requestID.text,
            method: head.method.text, path: head.path.text, isHead: head.isHead, isHTTP10: head.isHTTP10,
            receivedAt: Clock.now, keepsAlive: head.keepsAlive)
        request = started
        if let origin = services.crossOrigin.allowed(head) {
            request?.origin = origin
            request?.preflightMethod = head.preflightMethod?.text
        }
        patience.end()
        // The small body of a refused request is read anyway, so that the connection can be reused.
        var limit = Self.maximumReadAhead
        do throws(GatewayError) {
            if let handler = services.localHandler, handler.owns(head.path) {
                request?.isLocal = true
                limit = maximumLocalBodyBytes
                request?.localRequest = try handler.accept(head, from: self)
            } else {
                limit = try beginExchange(head, id: started.id)
            }
        } catch {
            guard !head.expectsContinue else { throw error }
            request?.error = error
        }
        guard head.hasBody else { return bodyComplete() }
        try beginBody(head, limit: limit)
        wait(services.configuration.bodyTimeout)
        if head.expectsContinue, !hasMore { send("HTTP/1.1 100 Continue\r\n\r\n") }
    }

    /// Prepares for a body of at most `limit` bytes; without `Authorization` the limit may be lower.
    private func beginBody(_ head: RequestHead, limit: Int) throws(GatewayError) {
        let anonymous = services.configuration.maximumAnonymousBody
        let isAnonymous = limit > anonymous && !head.hasAuthorization && request?.error == nil
        var excess = request?.error ?? BodyReader.tooLarge(limit)
        if isAnonymous, head.contentLength ?? 0 <= limit {
            excess = GatewayError(401, "A body of more than \(anonymous) bytes needs an Authorization header")
        }
        let maximum = isAnonymous ? anonymous : limit
        if let length = head.contentLength, length > maximum { throw excess }
        bodyReader = BodyReader(head, maximumBytes: maximum, excess: excess)
        request?.sender = owner.sender(of: head, on: self)
        state = .body
    }

    /// Writes the head of the envelope.
    /// - Returns: the size of the largest body that the function accepts.
    private func beginExchange(_ head: RequestHead, id: String) throws(GatewayError) -> Int {
        let match = try services.router.match(head)
        let envelope = ByteBuffer(capacity: 2048)
        EnvelopeWriter(buffer: envelope).write(head, match: match, requestID: id, sourceIP: address)
        body = EnvelopeBody(into: envelope, contentType: head.contentType)
        let exchange = Exchange(requestID: id, target: match.target, envelope: envelope, client: self)
        services.observation.capture(exchange)
        request?.exchange = exchange
        return match.target.pool.maximumBodyBytes
    }

    func takeBody(_ bytes: Bytes) throws(GatewayError) -> Int {
        guard var reader = bodyReader else { return 0 }
        var sink = body
        let local = request?.localRequest
        var received = 0
        let used = try reader.read(bytes) {
            received += $0.count
            if let local { local.body.append($0) } else { sink?.append($0) }
        }
        body = sink
        bodyReader = reader
        request?.receivedBytes += received
        request?.heldBytes += received
        patience.earn(received, rate: services.configuration.minimumRate, now: services.loop.now)
        try owner.hold(bodyBytes: received, for: self)
        if reader.isComplete { bodyComplete() }
        return used
    }

    private func bodyComplete() {
        bodyReader = nil
        body?.finish()
        body = nil
        patience.end()
        state = .waiting
        if let error = request?.error {
            refuse(error)
        } else if let exchange = request?.exchange {
            services.pools.submit(exchange)
        } else if let local = request?.localRequest {
            local.answer(to: self)
        }
    }
}
