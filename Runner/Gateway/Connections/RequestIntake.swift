import Wire

/// The request side of a connection: heads and bodies, taken off the bytes that have come.
extension Connection {
    /// - Returns: the length of the head, or 0 when it is not complete.
    func takeHead(_ bytes: UnsafeMutableBufferPointer<UInt8>) throws(Refusal) -> Int {
        let view = Bytes(bytes)
        // Some clients end a body with a line that belongs to nothing (RFC 9112 section 2.2).
        if scanned == 0, view.count >= 2, view.slice(0..<2).equals("\r\n") { return 2 }
        if scanned == 0, view.count == 1, view[0] == ASCII.carriageReturn { return 0 }
        guard
            let length = try RequestParser.headLength(
                view, scanned: &scanned, limits: server.options.headLimits)
        else { return 0 }
        scanned = 0
        isWithinHead = false
        let head = server.head
        try RequestParser.parse(
            UnsafeMutableBufferPointer(rebasing: bytes[..<length]), into: head, limits: server.options.headLimits)
        try begin(head, hasMore: bytes.count > length)
        return length
    }

    private func begin(_ head: RequestHead, hasMore: Bool) throws(Refusal) {
        let started = Request(
            id: head.requestID.isEmpty ? server.requestIDs.next() : head.requestID.text,
            method: head.method.text, path: head.path.text, isHead: head.isHead, isHTTP10: head.isHTTP10,
            receivedAt: Clock.now, keepsAlive: head.keepsAlive)
        request = started
        if let origin = server.crossOrigin.allowed(head) {
            request?.origin = origin
            request?.preflightMethod = head.preflightMethod?.text
        }
        patience.end()
        // A small body of a refused request is read all the same, so that the connection lives on.
        var limit = Self.maximumReadAhead
        do throws(Refusal) {
            if let inspector = server.inspector, inspector.owns(head.path) {
                request?.isInspection = true
                limit = Inspection.maximumBodyBytes
                request?.inspection = try inspector.inspection(head, from: self)
            } else {
                try server.admitHost(head)
                limit = try beginExchange(head, id: started.id)
            }
        } catch {
            guard !head.expectsContinue else { throw error }
            request?.refusal = error
        }
        guard head.hasBody else { return bodyComplete() }
        try beginBody(head, limit: limit)
        wait(server.options.bodyTimeout)
        if head.expectsContinue, !hasMore { send("HTTP/1.1 100 Continue\r\n\r\n") }
    }

    /// Prepares for a body of at most `limit` bytes, or fewer where nobody says who sends it.
    private func beginBody(_ head: RequestHead, limit: Int) throws(Refusal) {
        let anonymous = server.options.maximumAnonymousBody
        let isAnonymous = limit > anonymous && !head.hasAuthorization && request?.refusal == nil
        var excess = request?.refusal ?? BodyReader.tooLarge(limit)
        if isAnonymous, head.contentLength ?? 0 <= limit {
            excess = Refusal(401, "A body of more than \(anonymous) bytes needs an Authorization header")
        }
        let maximum = isAnonymous ? anonymous : limit
        if let length = head.contentLength, length > maximum { throw excess }
        bodyReader = BodyReader(head, maximumBytes: maximum, excess: excess)
        request?.sender = server.peers.begin(head, on: peer, address)
        state = .body
    }

    /// Makes what the function gets to see of the request.
    /// - Returns: how large its body may be.
    private func beginExchange(_ head: RequestHead, id: String) throws(Refusal) -> Int {
        let match = try server.route(head)
        let envelope = ByteBuffer(capacity: 2048)
        EnvelopeWriter(buffer: envelope).write(head, route: match, requestID: id, sourceIP: address)
        body = EnvelopeBody(into: envelope, contentType: head.contentType)
        let exchange = Exchange(requestID: id, endpoint: match.endpoint, envelope: envelope, client: self)
        server.observer.capture(exchange)
        request?.exchange = exchange
        return match.endpoint.pool.maximumBodyBytes
    }

    func takeBody(_ bytes: Bytes) throws(Refusal) -> Int {
        guard var reader = bodyReader else { return 0 }
        var sink = body
        let inspection = request?.inspection
        var received = 0
        let used = try reader.read(bytes) {
            received += $0.count
            if let inspection { inspection.body.append($0) } else { sink?.append($0) }
        }
        body = sink
        bodyReader = reader
        request?.receivedBytes += received
        request?.heldBytes += received
        patience.earn(received, rate: server.options.minimumRate, now: server.loop.now)
        try server.hold(bodyBytes: received, for: self)
        if reader.isComplete { bodyComplete() }
        return used
    }

    private func bodyComplete() {
        bodyReader = nil
        body?.finish()
        body = nil
        patience.end()
        state = .waiting
        if let refusal = request?.refusal {
            refuse(refusal)
        } else if let exchange = request?.exchange {
            server.pools.submit(exchange)
        } else if let inspection = request?.inspection {
            server.inspector?.serve(inspection, for: self)
        }
    }
}
