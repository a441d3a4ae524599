import Wire

/// What the gateway shows of itself below `/_runner`: a page, what the page asks for, and metrics.
///
/// It answers on the event loop, from memory, and never waits.
final class Inspector {
    static let root = "/_runner"

    unowned let server: Server
    let access: InspectorGuard
    let origin: String
    private(set) var history: History
    private let subscribers = EventSubscribers()
    private let showsInvocations: Bool
    /// The last invocation that the open pages have been told of.
    private var announced = 0
    private var isAnnouncing = false
    private var nextState: Int64 = 0

    init(_ server: Server, port: UInt16) {
        self.server = server
        let options = server.options
        showsInvocations = options.hasInspector
        access = InspectorGuard(port: port, metrics: options.metricsAudience)
        origin = "http://localhost:\(port)"
        history = History(entries: options.inspectorEntries, bytes: options.inspectorMemory)
        guard showsInvocations else { return }
        server.observer.listen(keepingBytes: options.inspectorBody) { [unowned self] in take($0) }
    }

    // MARK: Requests

    /// Whether a request is the inspector's business.
    func owns(_ path: Bytes) -> Bool {
        guard let rest = Self.below(path) else { return false }
        return showsInvocations || rest.equals("/metrics")
    }

    func inspection(_ head: RequestHead, from connection: Connection) throws(Refusal) -> Inspection {
        let rest = Self.below(head.path) ?? .none
        do throws(Refusal) {
            try access.admit(head, from: connection, isMetrics: rest.equals("/metrics"))
        } catch {
            server.log.event(
                .warning, "the inspector was asked and refused",
                [("peer", connection.address), ("reason", error.message)])
            throw error
        }
        return Inspection(head, path: rest)
    }

    /// What follows `/_runner`; nil for other paths.
    private static func below(_ path: Bytes) -> Bytes? {
        let length = root.utf8.count
        guard path.count >= length, path.slice(0..<length).equals("/_runner") else { return nil }
        let rest = path.slice(from: length)
        return rest.isEmpty || rest[0] == UInt8(ascii: "/") ? rest : nil
    }

    func serve(_ inspection: Inspection, for connection: Connection) {
        do throws(Refusal) {
            switch (inspection.method, inspection.path.first, inspection.path.count) {
            case ("GET", nil, _): connection.respondPage(token: access.token)
            case ("GET", "metrics", 1):
                connection.respond("text/plain; version=0.0.4; charset=utf-8", MetricsText(server).text)
            case ("GET", "state", 1): connection.respond(json: InspectorState(server).json)
            case ("GET", "events", 1): try subscribe(connection)
            case ("GET", "invocations", 1):
                connection.respond(json: list(after: Int(inspection.query["after"] ?? "") ?? 0))
            case ("GET", "invocations", 2...3): try show(inspection, for: connection)
            case ("POST", "clear", 1):
                try requireToken(inspection)
                history.removeAll()
                connection.respond(json: ["cleared": true])
            case ("POST", "invocations", 3): try send(inspection, for: connection)
            case ("GET", _, _), ("POST", _, _): throw Refusal(404, "The inspector has no such page")
            default: throw Refusal(405, "The inspector takes GET and POST", allow: "GET, HEAD, POST")
            }
        } catch {
            connection.refuse(error)
        }
    }

    private func requireToken(_ inspection: Inspection) throws(Refusal) {
        guard access.hasToken(inspection) else {
            throw Refusal(403, "This needs the token of the inspector's page (X-Runner-Token); load the page again")
        }
    }

    private func find(_ inspection: Inspection) throws(Refusal) -> Invocation {
        guard let number = Int(inspection.path[1]), let found = history[number]
        else { throw Refusal(404, "This invocation is not kept any more") }
        return found
    }

    /// An invocation in full, or as a command.
    private func show(_ inspection: Inspection, for connection: Connection) throws(Refusal) {
        let invocation = try find(inspection)
        let showsSecrets = inspection.has("secrets")
        if showsSecrets { try requireToken(inspection) }
        switch inspection.path.dropFirst(2).first {
        case nil: connection.respond(json: InvocationDetail(invocation, showsSecrets: showsSecrets).json)
        case "pipe"?: connection.respond("text/plain; charset=utf-8", try command(invocation, showsSecrets).pipe)
        case "curl"?:
            connection.respond("text/plain; charset=utf-8", try command(invocation, showsSecrets).curl(origin: origin))
        default: throw Refusal(404, "The inspector has no such page")
        }
    }

    private func command(_ invocation: Invocation, _ showsSecrets: Bool) throws(Refusal) -> ShellCommand {
        let (envelope, pool) = try original(invocation)
        return ShellCommand(
            envelope: showsSecrets ? envelope : ShellCommand.mask.applied(to: envelope), executable: pool.path,
            dataFolder: server.options.dataFolder)
    }

    private func original(_ invocation: Invocation) throws(Refusal) -> (envelope: JSON, pool: FunctionPool) {
        guard let pool = invocation.pool, let capture = invocation.capture
        else { throw Refusal(409, "No function has seen this request") }
        guard capture.hasWholeRequest
        else {
            throw Refusal(409, "The body was not kept: it was too large (--inspector-body), or never came to its end")
        }
        guard let envelope = Envelope.parse(capture.request.bytes) else {
            throw Refusal(409, "The request is not kept any more")
        }
        return (envelope, pool)
    }

    private func list(after number: Int) -> JSON {
        InvocationList(invocations: history.after(number), last: history.last).json
    }

    // MARK: Sending again

    private func send(_ inspection: Inspection, for connection: Connection) throws(Refusal) {
        try requireToken(inspection)
        let invocation = try find(inspection)
        let (envelope, pool) = try original(invocation)
        switch inspection.path[2] {
        case "replay": send(envelope, to: pool, as: invocation, for: connection)
        case "send":
            guard let edited = Envelope.parse(inspection.body.bytes), edited.object != nil
            else { throw Refusal(400, "The envelope is not a JSON object") }
            let plain = Envelope.unfolded(envelope)
            let masked = InvocationDetail.mask.applied(to: plain)
            let restored = Envelope.restored(edited, masked: masked, original: plain)
            guard restored.text.firstIndex(ofBytes: InvocationDetail.placeholder) == nil
            else { throw Refusal(422, "A masked secret was changed in part, or moved: write the whole value") }
            send(Envelope.folded(restored), to: pool, as: invocation, for: connection)
        default: throw Refusal(404, "The inspector has no such page")
        }
    }

    private func send(_ envelope: JSON, to pool: FunctionPool, as invocation: Invocation, for connection: Connection) {
        let id = server.requestIDs.next()
        let context = envelope["requestContext"]?["http"]
        let method = context?["method"]?.string ?? invocation.method
        let path = envelope["rawPath"]?.string ?? invocation.path
        let endpoint = Endpoint(method: method, path: invocation.path, pool: pool)
        let exchange = Exchange(
            requestID: id, endpoint: endpoint, envelope: Envelope.line(envelope, requestID: id), client: nil)
        server.observer.capture(exchange)
        exchange.client = ReplayCall { [unowned self, unowned exchange] status, bytes in
            let repeated = Invocation(
                exchange, method: method, path: path, status: status, responseBytes: bytes, origin: invocation.number)
            server.observer.ended(repeated)
            connection.respond(json: ["number": .int(Int64(history.last))])
        }
        server.pools.submit(exchange)
    }

    // MARK: Live

    private func take(_ invocation: Invocation) {
        _ = history.add(invocation)
        guard !subscribers.isEmpty, !isAnnouncing, subscribers.isDue(server.loop.now) else { return }
        isAnnouncing = true
        server.loop.later { [unowned self] in announce() }
    }

    private func announce() {
        isAnnouncing = false
        guard announced < history.last, !subscribers.isEmpty else { return }
        let news = list(after: announced)
        announced = history.last
        subscribers.send("invocations", ByteBuffer(news.text), now: server.loop.now)
    }

    private func subscribe(_ connection: Connection) throws(Refusal) {
        guard !subscribers.isFull else { throw Refusal(503, "Too many pages look on", retryAfter: 5) }
        announced = history.last
        connection.beginEvents()
        // HEAD has all that it gets, and its connection goes on to other requests.
        guard connection.state == .streaming else { return }
        subscribers.add(connection)
        nextState = 0
    }

    /// Once a tick: what has been gathered, and once a second what the pools do.
    func tick(_ now: Int64) {
        guard !subscribers.isEmpty else { return }
        announce()
        if now >= nextState {
            nextState = now + 1_000_000
            subscribers.send("state", ByteBuffer(InspectorState(server).json.text), now: now)
        }
        subscribers.beat(now)
    }

    /// Pages that look on do not keep a gateway from ending.
    func endStreams() { subscribers.endAll() }
}
