import Glibc
import Platform
import Wire

/// One client's connection. It reads requests (`RequestIntake.swift`) one at a time and in order, and writes the
/// responses (`ResponseDelivery.swift`).
final class Connection: EventHandler {
    enum State {
        /// Between requests, or in the middle of a head.
        case head
        case body
        /// A function is working on the request.
        case waiting
        /// The response is being sent piece by piece.
        case streaming
        /// The response is complete, but the client has not read all of it.
        case flushing
        /// Everything is sent and our side is shut down. Further input is dropped: closing at once could make the
        /// client lose the response (RFC 9112 section 9.6).
        case lingering
        case closed
    }

    /// How many bytes of further requests to read while one is being served.
    static let maximumReadAhead = 64 * 1024
    /// While more output than this is pending, a function's stream is not read.
    private static let congestion = 256 * 1024
    private static let lingerTime = 2.0

    let socket: Int32
    /// The client's address as text.
    let address: String
    let peer: Peer
    unowned let owner: any ConnectionOwner
    let services: ConnectionServices
    var state = State.head
    var request: Request?
    var output = OutputQueue()

    var patience = Patience()
    private var hasServed = false
    var isWithinHead = false
    private var input: ByteBuffer?
    /// How far an incomplete head has been searched for its end.
    var scanned = 0
    private var isProcessing = false
    private(set) var hasInputEnded = false
    var bodyReader: BodyReader?
    var body: EnvelopeBody?

    /// Whether the peer runs on this machine as the user who runs the gateway.
    private(set) lazy var isOwnUser = PeerUser.isOperator(socket)
    /// Whether the client reads so slowly that its stream should be paused.
    var isCongested: Bool { output.count > Self.congestion }
    /// Whether no request is waiting for a response.
    var isIdle: Bool { (state == .head && input == nil) || state == .lingering }
    /// Whether the client has its response, so that it loses only time if the connection closes.
    var isSpare: Bool { isIdle && (hasServed || state == .lingering) }
    var isReceivingBody: Bool { state == .body }
    /// Whether bytes of the next request have arrived.
    var hasReadAhead: Bool { input != nil }

    init(
        _ socket: Int32, address: String, peer: Peer, owner: any ConnectionOwner, services: ConnectionServices
    ) {
        self.socket = socket
        self.address = address
        self.peer = peer
        self.owner = owner
        self.services = services
        wait(services.configuration.headTimeout)
        services.loop.add(socket, .readable, handler: self)
    }

    func handle(_ events: Events, on descriptor: Int32) {
        if !events.isDisjoint(with: .hangup) { return close() }
        if events.contains(.writable) { flush() }
        if events.contains(.readable), state != .closed { read() }
        updateInterest()
    }

    // MARK: Reading

    private func read() {
        let scratch = services.scratch
        switch Descriptor.read(socket, into: scratch) {
        case .blocked: return
        case .ended: return inputEnded()
        case .bytes(let count):
            let received = UnsafeMutableBufferPointer(rebasing: scratch.bindMemory(to: UInt8.self)[..<count])
            switch state {
            case .lingering, .closed: return
            case .head, .body:
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

    /// The client will send nothing more: it has disconnected, or has shut down its side and waits for the response.
    private func inputEnded() {
        hasInputEnded = true
        switch state {
        // A client that has left looks like one that shut down only its side, until something is written. A function
        // that can stream takes long, and its work may cost money, so it is not done for a client that has left.
        case .waiting where request?.exchange?.target.pool.streams == true: close()
        case .waiting, .flushing: break
        // Clients rarely shut down only their side, and a stream is useless to one that has disconnected.
        case .streaming, .head, .body, .lingering, .closed: close()
        }
    }

    /// Serves the input that arrived while a request was in progress.
    func processInput() {
        guard !isProcessing, state == .head || state == .body, let input else { return }
        let used = process(UnsafeMutableBufferPointer(mutating: input.bytes))
        guard self.input === input else { return }
        if used == input.count { self.input = nil } else if used > 0 { input.removeFirst(used) }
        if state == .head, self.input != nil { beginHead() }
    }

    /// The first bytes of a head have arrived. Empty lines before them do not extend the deadline.
    private func beginHead() {
        guard !isWithinHead else { return }
        isWithinHead = true
        wait(services.configuration.headTimeout)
    }

    func wait(_ seconds: Double) { patience.begin(seconds, now: services.loop.now) }

    /// Reads requests from the front of `bytes`.
    /// - Returns: how many bytes were used.
    private func process(_ bytes: UnsafeMutableBufferPointer<UInt8>) -> Int {
        isProcessing = true
        defer { isProcessing = false }
        var used = 0
        while used < bytes.count, state == .head || state == .body {
            let rest = UnsafeMutableBufferPointer(rebasing: bytes[used...])
            do throws(GatewayError) {
                let taken = state == .head ? try takeHead(rest) : try takeBody(Bytes(rest))
                if taken == 0 { break }
                used += taken
            } catch {
                refuseAndClose(error)
            }
        }
        return used
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
            if wasEmpty { wait(services.configuration.writeTimeout) }
            updateInterest()
        }
    }

    private func flush() {
        guard !output.isEmpty else { return }
        let progress = output.flush(to: socket) {
            patience.earn($0, rate: services.configuration.minimumRate, now: services.loop.now)
        }
        if progress == .gone { return close() }
        if progress == .drained, state != .body { patience.end() }
        if !isCongested { request?.exchange?.process?.resume() }
        if state == .flushing, output.isEmpty { finishResponse() }
    }

    /// The whole response has been written.
    func finishResponse() {
        guard state != .closed, let finished = request else { return }
        guard output.isEmpty else {
            state = .flushing
            return
        }
        services.requestEnded(finished)
        endRequest()
        hasServed = true
        guard finished.keepsAlive, !hasInputEnded, !services.isDraining || input != nil else { return linger() }
        state = .head
        wait(services.configuration.keepAliveTimeout)
        processInput()
        updateInterest()
    }

    private func linger() {
        state = .lingering
        input = nil
        if hasInputEnded { return close() }
        shutdown(socket, Int32(SHUT_WR))
        wait(Self.lingerTime)
        updateInterest()
    }

    private func endRequest() {
        dropBody()
        request = nil
    }

    /// Frees the part of the body that has arrived.
    func dropBody() {
        bodyReader = nil
        body = nil
        owner.release(bodyBytes: request?.heldBytes ?? 0, of: request?.sender)
        request?.heldBytes = 0
        request?.sender = nil
    }

    /// Ends the connection at once, because others need its place.
    func giveWay() {
        if state == .body || isWithinHead {
            refuseAndClose(GatewayError(503, "Too many connections; try again", retryAfter: 1))
        }
        close(as: 503)
    }

    /// Closes the connection at once. Output that the client has not read is lost.
    ///
    /// - Parameter status: what the log reports for a request in progress: 499, as in nginx, if the client closed the
    ///   connection.
    func close(as status: Int = 499) {
        guard state != .closed else { return }
        state = .closed
        services.loop.remove(socket)
        Glibc.close(socket)
        output.clear()
        input = nil
        body = nil
        if var left = request {
            left.status = status
            services.requestEnded(left)
            if let exchange = left.exchange { services.pools.abandon(exchange) }
        }
        endRequest()
        owner.closed(self)
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
        services.loop.update(socket, interest)
    }

    /// Enforces the deadlines of heads, bodies, idle connections and slow readers.
    func tick(_ now: Int64) {
        guard patience.isOver(now) else { return }
        switch state {
        case .head where isWithinHead: refuseAndClose(GatewayError(408, "The request head did not arrive in time"))
        case .body: refuseAndClose(GatewayError(408, "The request body did not arrive in time"))
        default: close()
        }
    }
}
