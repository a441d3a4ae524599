import Glibc
import Platform
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
        /// Whom its body counts for, and what is held of it.
        var sender: Peer?
        var heldBytes = 0
    }

    /// How many bytes of further requests are read while one is served.
    static let maximumReadAhead = 64 * 1024
    /// Output beyond which a function's stream is not read on.
    private static let congestion = 256 * 1024
    private static let lingerTime = 2.0

    let socket: Int32
    let server: Server
    /// The client's, as text.
    let address: String
    let peer: Peer
    var state = State.head
    var request: Request?
    var output = OutputQueue()

    var patience = Patience()
    private var hasServed = false
    var isWithinHead = false
    private var input: ByteBuffer?
    /// How far a head was looked through whose end has not come.
    var scanned = 0
    private var isProcessing = false
    private(set) var hasInputEnded = false
    var bodyReader: BodyReader?
    var body: EnvelopeBody?

    /// Whether the peer runs on this machine as the user of the gateway; for the inspector.
    private(set) lazy var isOwnUser = PeerUser.mayLook(socket)
    /// Whether the client is so far behind that its stream should wait.
    var isCongested: Bool { output.count > Self.congestion }
    /// Whether nothing has been asked that is not answered.
    var isIdle: Bool { (state == .head && input == nil) || state == .lingering }
    /// Whether it has served its client, who loses nothing with it but time.
    var isSpare: Bool { isIdle && (hasServed || state == .lingering) }
    var isReceivingBody: Bool { state == .body }
    /// Whether bytes of a further request are here already.
    var hasReadAhead: Bool { input != nil }

    init(_ socket: Int32, address: String, server: Server) {
        self.socket = socket
        self.address = address
        self.server = server
        peer = server.peers.connect(address)
        wait(server.options.headTimeout)
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
        wait(server.options.headTimeout)
    }

    func wait(_ seconds: Double) { patience.begin(seconds, now: server.loop.now) }

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
            if wasEmpty { wait(server.options.writeTimeout) }
            updateInterest()
        }
    }

    private func flush() {
        guard !output.isEmpty else { return }
        let progress = output.flush(to: socket) {
            patience.earn($0, rate: server.options.minimumRate, now: server.loop.now)
        }
        if progress == .gone { return close() }
        if progress == .drained, state != .body { patience.end() }
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
        hasServed = true
        guard finished.keepsAlive, !hasInputEnded, !server.isDraining || input != nil else { return linger() }
        state = .head
        wait(server.options.keepAliveTimeout)
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

    /// Lets go of what has come of the body.
    func dropBody() {
        bodyReader = nil
        body = nil
        server.release(bodyBytes: request?.heldBytes ?? 0, of: request?.sender)
        request?.heldBytes = 0
        request?.sender = nil
    }

    /// Ends at once, because others need its place.
    func giveWay() {
        if state == .body || isWithinHead {
            refuseAndClose(Refusal(503, "There is no room for the request at the moment", retryAfter: 1))
        }
        close(as: 503)
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
        guard patience.isOver(now) else { return }
        switch state {
        case .head where isWithinHead: refuseAndClose(Refusal(408, "The request's head did not arrive in time"))
        case .body: refuseAndClose(Refusal(408, "The request's body did not arrive in time"))
        default: close()
        }
    }
}
