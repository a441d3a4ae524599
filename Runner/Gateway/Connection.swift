import Glibc
import Wire

/// One client's connection: takes requests off it, one at a time and in order, and puts the
/// responses on it (`ResponseDelivery.swift`).
final class Connection: EventHandler, ExchangeClient {
    enum State {
        /// Between requests, or within a head.
        case head
        case body
        /// A function has the request.
        case waiting
        /// The response is being sent piece by piece.
        case streaming
        /// The response is complete, the client has yet to take it.
        case flushing
        /// Everything is sent and our side is shut; what still comes is dropped, because closing at
        /// once would make the client lose the response (RFC 9112 section 9.6).
        case lingering
        case closed
    }

    /// The request that is being served.
    struct Request {
        let id: String
        let method: String
        let path: String
        let isHead: Bool
        let isHTTP10: Bool
        let receivedAt: Int64
        var keepsAlive: Bool
        var exchange: Exchange?
        /// Given instead of a function's answer once the body is read.
        var refusal: Refusal?
        /// A request to the inspector, which no function gets to see.
        var isInspection = false
        var inspection: Inspection?
        /// The origin whose page may read the gateway's own answers, and what it asks leave for in a preflight.
        var origin: String?
        var preflightMethod: String?
        var status = 0
        /// Of the request's body and of the response's.
        var receivedBytes = 0
        var bodyBytes = 0
    }

    /// How many bytes of further requests are read while one is served.
    private static let maximumReadAhead = 64 * 1024
    /// Output beyond which a function's stream is not read on.
    private static let congestion = 256 * 1024
    private static let lingerTime = 2.0

    let socket: Int32
    let server: Server
    let peer: String
    var state = State.head
    var request: Request?
    var output = OutputQueue()

    private var deadline: Int64
    private var isWithinHead = false
    private var input: ByteBuffer?
    private var scanned = 0
    private var isProcessing = false
    private(set) var hasInputEnded = false
    private var bodyReader: BodyReader?
    private var body: EnvelopeBody?

    /// Whether the peer runs on this machine as the user of the gateway; for the inspector.
    private(set) lazy var isOwnUser = PeerUser.mayLook(socket)
    /// Whether the client is so far behind that its stream should wait.
    var isCongested: Bool { output.count > Self.congestion }
    /// Whether nothing has been asked that is not answered.
    var isIdle: Bool { (state == .head && input == nil) || state == .lingering }

    init(_ socket: Int32, peer: String, server: Server) {
        self.socket = socket
        self.peer = peer
        self.server = server
        deadline = server.loop.now + Clock.seconds(server.options.headTimeout)
        server.loop.add(socket, .readable, handler: self)
    }

    func handle(_ events: Events, on descriptor: Int32) {
        if !events.isDisjoint(with: .hangup) { return close() }
        if events.contains(.writable) { flush() }
        if events.contains(.readable), state != .closed { read() }
        updateInterest()
    }

    // MARK: Reading

    private func read() {
        let scratch = server.scratch
        switch Descriptor.read(socket, into: scratch) {
        case .blocked: return
        case .ended: return inputEnded()
        case .bytes(let count):
            let received = UnsafeMutableBufferPointer(rebasing: scratch.bindMemory(to: UInt8.self)[..<count])
            switch state {
            case .lingering, .closed: return
            case .head, .body:
                if state == .body { deadline = server.loop.now + Clock.seconds(server.options.bodyTimeout) }
                if input == nil {
                    let used = process(received)
                    keep(Bytes(rebasing: received[used...]))
                    return
                }
                keep(Bytes(received))
                processInput()
            case .waiting, .streaming, .flushing:
                keep(Bytes(received))
            }
        }
    }

    private func keep(_ bytes: Bytes) {
        guard !bytes.isEmpty, state != .closed, state != .lingering else { return }
        if let input { input.append(bytes) } else { input = ByteBuffer(bytes) }
        if state == .head { beginHead() }
    }

    /// The client will send nothing more: it has left, or it has shut its side and waits.
    private func inputEnded() {
        hasInputEnded = true
        switch state {
        case .waiting, .flushing: break
        // What is streamed is worth nothing to a client that has left, and few only shut their side.
        case .streaming, .head, .body, .lingering, .closed: close()
        }
    }

    /// Serves what has been kept while a request was under way.
    func processInput() {
        guard !isProcessing, state == .head || state == .body, let input else { return }
        let used = process(UnsafeMutableBufferPointer(mutating: input.bytes))
        guard self.input === input else { return }
        if used == input.count { self.input = nil } else if used > 0 { input.removeFirst(used) }
        if state == .head, self.input != nil { beginHead() }
    }

    /// The first bytes of a head are there. Empty lines before it give it no more time.
    private func beginHead() {
        guard !isWithinHead else { return }
        isWithinHead = true
        deadline = server.loop.now + Clock.seconds(server.options.headTimeout)
    }

    /// Takes requests off the front of `bytes`.
    /// - Returns: how many bytes were used.
    private func process(_ bytes: UnsafeMutableBufferPointer<UInt8>) -> Int {
        isProcessing = true
        defer { isProcessing = false }
        var used = 0
        while used < bytes.count, state == .head || state == .body {
            let rest = UnsafeMutableBufferPointer(rebasing: bytes[used...])
            do throws(Refusal) {
                let taken = state == .head ? try takeHead(rest) : try takeBody(Bytes(rest))
                if taken == 0 { break }
                used += taken
            } catch {
                refuseAndClose(error)
            }
        }
        return used
    }

    /// - Returns: the length of the head, or 0 when it is not complete.
    private func takeHead(_ bytes: UnsafeMutableBufferPointer<UInt8>) throws(Refusal) -> Int {
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
            receivedAt: Clock.now, keepsAlive: head.keepsAlive && !server.isDraining)
        request = started
        if let origin = server.crossOrigin.allowed(head) {
            request?.origin = origin
            request?.preflightMethod = head.preflightMethod?.text
        }
        deadline = .max
        // A small body of a refused request is read all the same, so that the connection lives on.
        var limit = Self.maximumReadAhead
        do throws(Refusal) {
            if let inspector = server.inspector, inspector.owns(head.path) {
                request?.isInspection = true
                limit = Inspection.maximumBodyBytes
                request?.inspection = try inspector.inspection(head, from: self)
            } else {
                limit = try beginExchange(head, id: started.id)
            }
        } catch {
            guard !head.expectsContinue else { throw error }
            request?.refusal = error
        }
        if let length = head.contentLength, length > limit {
            throw request?.refusal ?? BodyReader.tooLarge(limit)
        }
        guard head.hasBody else { return bodyComplete() }
        bodyReader = BodyReader(head, maximumBytes: limit)
        state = .body
        deadline = server.loop.now + Clock.seconds(server.options.bodyTimeout)
        if head.expectsContinue, !hasMore { send("HTTP/1.1 100 Continue\r\n\r\n") }
    }

    /// Makes what the function gets to see of the request.
    /// - Returns: how large its body may be.
    private func beginExchange(_ head: RequestHead, id: String) throws(Refusal) -> Int {
        let match = try server.route(head)
        let envelope = ByteBuffer(capacity: 2048)
        EnvelopeWriter(buffer: envelope).write(head, route: match, requestID: id, sourceIP: peer)
        body = EnvelopeBody(into: envelope, contentType: head.contentType)
        let exchange = Exchange(requestID: id, endpoint: match.endpoint, envelope: envelope, client: self)
        server.observer.capture(exchange)
        request?.exchange = exchange
        return match.endpoint.pool.maximumBodyBytes
    }

    private func takeBody(_ bytes: Bytes) throws(Refusal) -> Int {
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
        try server.hold(bodyBytes: received)
        if reader.isComplete { bodyComplete() }
        return used
    }

    private func bodyComplete() {
        bodyReader = nil
        body?.finish()
        body = nil
        deadline = .max
        state = .waiting
        if let refusal = request?.refusal {
            refuse(refusal)
        } else if let exchange = request?.exchange {
            server.pools.submit(exchange)
        } else if let inspection = request?.inspection {
            server.inspector?.serve(inspection, for: self)
        }
    }

    // MARK: Writing

    func send(_ text: StaticString) {
        send(Bytes(start: text.utf8Start, count: text.utf8CodeUnitCount))
    }

    func send(_ bytes: Bytes) {
        let wasEmpty = output.isEmpty
        switch output.send(bytes, to: socket) {
        case .gone: close()
        case .drained: break
        case .blocked:
            if wasEmpty { deadline = server.loop.now + Clock.seconds(server.options.writeTimeout) }
            updateInterest()
        }
    }

    private func flush() {
        guard !output.isEmpty else { return }
        let progress = output.flush(to: socket) {
            deadline = server.loop.now + Clock.seconds(server.options.writeTimeout)
        }
        if progress == .gone { return close() }
        if progress == .drained { deadline = state == .body ? deadline : .max }
        if !isCongested { request?.exchange?.process?.resume() }
        if state == .flushing, output.isEmpty { finishResponse() }
    }

    /// The response is on its way as a whole.
    func finishResponse() {
        guard state != .closed, let finished = request else { return }
        guard output.isEmpty else {
            state = .flushing
            return
        }
        server.note(finished)
        endRequest()
        guard finished.keepsAlive, !hasInputEnded, !server.isDraining || input != nil else { return linger() }
        state = .head
        deadline = server.loop.now + Clock.seconds(server.options.keepAliveTimeout)
        processInput()
        updateInterest()
    }

    private func linger() {
        state = .lingering
        input = nil
        if hasInputEnded { return close() }
        shutdown(socket, Int32(SHUT_WR))
        deadline = server.loop.now + Clock.seconds(Self.lingerTime)
        updateInterest()
    }

    private func endRequest() {
        server.release(bodyBytes: request?.receivedBytes ?? 0)
        request = nil
    }

    /// Closes at once; what the client has not taken is lost.
    ///
    /// - Parameter status: what the log calls a request that is under way: 499, as nginx does, when the client closed it.
    func close(as status: Int = 499) {
        guard state != .closed else { return }
        state = .closed
        server.loop.remove(socket)
        Glibc.close(socket)
        output.clear()
        input = nil
        body = nil
        if var left = request {
            left.status = status
            server.note(left)
            if let exchange = left.exchange { server.pools.abandon(exchange) }
        }
        endRequest()
        server.forget(self)
    }

    private func updateInterest() {
        guard state != .closed else { return }
        var interest: Events = []
        if !hasInputEnded {
            switch state {
            case .head, .body, .lingering: interest.insert(.readable)
            default: if (input?.count ?? 0) < Self.maximumReadAhead { interest.insert(.readable) }
            }
        }
        if !output.isEmpty { interest.insert(.writable) }
        server.loop.update(socket, interest)
    }

    /// Looks after the deadlines of heads, bodies, idle connections and slow readers.
    func tick(_ now: Int64) {
        guard now > deadline else { return }
        switch state {
        case .head where isWithinHead: refuseAndClose(Refusal(408, "The request's head did not arrive in time"))
        case .body: refuseAndClose(Refusal(408, "The request's body did not arrive in time"))
        default: close()
        }
    }
}
