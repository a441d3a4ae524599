import Gateway
import Masking
import Wire

/// The gateway's pages below `/_runner`: a web page, the data for it, and metrics.
///
/// It answers on the event loop, from memory, and never waits.
package final class Inspector {
    package static let root = "/_runner"

    /// Who may read the metrics, which contain no secrets.
    package enum MetricsAudience: String, Sendable { case off, loopback, any }

    package struct Configuration {
        /// Whether requests can be seen; otherwise there are only metrics.
        package var isEnabled = true
        package var metrics = MetricsAudience.loopback
        /// How many invocations are kept.
        package var entries = 300
        /// The largest envelope that is kept, in bytes.
        package var body = 64 * 1024
        /// The memory for all invocations, in bytes.
        package var memory = 16 * 1024 * 1024

        package init() {}
    }

    private unowned let gateway: any GatewayState
    private let log: GatewayLog
    private let configuration: Configuration
    /// Where the functions keep their data, for commands.
    private let dataFolder: String
    private let access: InspectorGuard
    /// `http://localhost:3001`
    private let origin: String
    private var history: History
    private let subscribers = EventSubscribers()
    /// The last invocation that was sent to the open pages.
    private var announced = 0
    private var isAnnouncing = false
    private var nextState: Int64 = 0

    package init(
        _ configuration: Configuration, of gateway: any GatewayState, port: UInt16, dataFolder: String, log: GatewayLog
    ) {
        self.gateway = gateway
        self.log = log
        self.configuration = configuration
        self.dataFolder = dataFolder
        access = InspectorGuard(port: port, metrics: configuration.metrics)
        origin = "http://localhost:\(port)"
        history = History(entries: configuration.entries, bytes: configuration.memory)
    }

    // MARK: Requests

    func serve(_ inspection: Inspection, for client: any LocalClient) {
        do throws(GatewayError) {
            switch (inspection.method, inspection.path.first, inspection.path.count) {
            case ("GET", nil, _): InspectorResponse.page(token: access.token).send(to: client)
            case ("GET", "metrics", 1):
                InspectorResponse("text/plain; version=0.0.4; charset=utf-8", MetricsText(gateway).text).send(
                    to: client)
            case ("GET", "state", 1): InspectorResponse.json(InspectorState(gateway).json).send(to: client)
            case ("GET", "events", 1): try subscribe(client)
            case ("GET", "invocations", 1):
                InspectorResponse.json(list(after: Int(inspection.query["after"] ?? "") ?? 0)).send(to: client)
            case ("GET", "invocations", 2...3): try show(inspection).send(to: client)
            case ("POST", "clear", 1):
                try requireToken(inspection)
                history.removeAll()
                InspectorResponse.json(["cleared": true]).send(to: client)
            case ("POST", "invocations", 3): try send(inspection, for: client)
            case ("GET", _, _), ("POST", _, _): throw Self.notFound
            default: throw GatewayError(405, "The inspector accepts only GET and POST", allow: "GET, HEAD, POST")
            }
        } catch {
            client.refuse(error)
        }
    }

    private static let notFound = GatewayError(404, "The inspector has no such page")

    private func requireToken(_ inspection: Inspection) throws(GatewayError) {
        guard access.hasToken(inspection) else {
            throw GatewayError(
                403, "This requires the token of the inspector's page (X-Runner-Token); reload the page")
        }
    }

    private func find(_ inspection: Inspection) throws(GatewayError) -> Invocation {
        guard let number = Int(inspection.path[1]), let found = history[number]
        else { throw GatewayError(404, "This invocation is no longer kept") }
        return found
    }

    /// An invocation in full, or as a command.
    private func show(_ inspection: Inspection) throws(GatewayError) -> InspectorResponse {
        let invocation = try find(inspection)
        let showsSecrets = inspection.has("secrets")
        if showsSecrets { try requireToken(inspection) }
        switch inspection.path.dropFirst(2).first {
        case nil: return .json(InvocationDetail(invocation, showsSecrets: showsSecrets).json)
        case "pipe"?: return .text(try command(invocation, showsSecrets).pipe)
        case "curl"?: return .text(try command(invocation, showsSecrets).curl(origin: origin))
        default: throw Self.notFound
        }
    }

    private func command(_ invocation: Invocation, _ showsSecrets: Bool) throws(GatewayError) -> ShellCommand {
        let (envelope, executable) = try original(invocation)
        return ShellCommand(
            envelope: showsSecrets ? envelope : ShellCommand.mask.applied(to: envelope), executable: executable,
            dataFolder: dataFolder)
    }

    /// The request of an invocation as it was, and the executable that received it.
    private func original(_ invocation: Invocation) throws(GatewayError) -> (envelope: JSON, executable: String) {
        guard let pool = invocation.pool, let capture = invocation.capture
        else { throw GatewayError(409, "No function has received this request") }
        guard capture.hasWholeRequest
        else {
            throw GatewayError(409, "The body was not kept: it was too large (--inspector-body), or incomplete")
        }
        guard let envelope = Envelope.parse(capture.request.bytes) else {
            throw GatewayError(409, "The request is no longer kept")
        }
        return (envelope, pool.path)
    }

    private func list(after number: Int) -> JSON {
        InvocationList(invocations: history.after(number), last: history.last).json
    }

    // MARK: Sending again

    private func send(_ inspection: Inspection, for client: any LocalClient) throws(GatewayError) {
        try requireToken(inspection)
        let invocation = try find(inspection)
        let envelope = try original(invocation).envelope
        switch inspection.path[2] {
        case "replay": resend(envelope, of: invocation, for: client)
        case "send": resend(try edited(inspection.body, from: envelope), of: invocation, for: client)
        default: throw Self.notFound
        }
    }

    /// An edited envelope, with the secrets that the page did not show.
    private func edited(_ body: ByteBuffer, from envelope: JSON) throws(GatewayError) -> JSON {
        guard let edited = Envelope.parse(body.bytes), edited.object != nil
        else { throw GatewayError(400, "The envelope is not a JSON object") }
        let plain = Envelope.unfolded(envelope)
        let masked = InvocationDetail.mask.applied(to: plain)
        let restored = Envelope.restored(edited, masked: masked, original: plain)
        guard restored.text.firstIndex(ofBytes: InvocationDetail.placeholder) == nil
        else { throw GatewayError(422, "A masked secret was edited in part, or moved: write the whole value") }
        return Envelope.folded(restored)
    }

    private func resend(_ envelope: JSON, of invocation: Invocation, for client: any LocalClient) {
        gateway.resend(envelope, of: invocation) { [unowned self] in
            InspectorResponse.json(["number": .int(Int64(history.last))]).send(to: client)
        }
    }

    // MARK: Live updates

    private func announce() {
        isAnnouncing = false
        guard announced < history.last, !subscribers.isEmpty else { return }
        let news = list(after: announced)
        announced = history.last
        subscribers.send("invocations", ByteBuffer(news.text), now: Clock.now)
    }

    private func subscribe(_ client: any LocalClient) throws(GatewayError) {
        guard !subscribers.isFull else {
            throw GatewayError(503, "Too many inspector pages are open", retryAfter: 5)
        }
        announced = history.last
        InspectorResponse("text/event-stream").beginStream(to: client)
        // A HEAD request ends here.
        guard client.isStreaming else { return }
        subscribers.add(client)
        nextState = 0
    }
}

extension Inspector: LocalHandler {
    package func owns(_ path: Bytes) -> Bool {
        guard let rest = Self.below(path) else { return false }
        return configuration.isEnabled || rest.equals("/metrics")
    }

    package func accept(
        _ head: RequestHead, from client: any LocalClient
    ) throws(GatewayError) -> any LocalRequest {
        let rest = Self.below(head.path) ?? .none
        do throws(GatewayError) {
            try access.admit(head, from: client, isMetrics: rest.equals("/metrics"))
        } catch {
            log.event(
                .warning, "the inspector refused a request", [("peer", client.address), ("reason", error.message)])
            throw error
        }
        return Inspection(head, path: rest, for: self)
    }

    /// What follows `/_runner`; nil for other paths.
    private static func below(_ path: Bytes) -> Bytes? {
        let length = root.utf8.count
        guard path.count >= length, path.slice(0..<length).equals("/_runner") else { return nil }
        let rest = path.slice(from: length)
        return rest.isEmpty || rest[0] == UInt8(ascii: "/") ? rest : nil
    }
}

extension Inspector: Observer {
    package var captureLimit: Int { configuration.body }

    package func requestEnded(_ invocation: Invocation) {
        _ = history.add(invocation)
        if !subscribers.isEmpty, subscribers.isDue(Clock.now) { isAnnouncing = true }
    }

    package func batchEnded() {
        if isAnnouncing { announce() }
    }

    /// Sends what has been collected and, once a second, the state of the functions.
    package func tick(_ now: Int64) {
        guard !subscribers.isEmpty else { return }
        announce()
        if now >= nextState {
            nextState = now + 1_000_000
            subscribers.send("state", ByteBuffer(InspectorState(gateway).json.text), now: now)
        }
        subscribers.beat(now)
    }

    /// Open pages must not keep the gateway from ending.
    package func drainingBegan() { subscribers.endAll() }
}
