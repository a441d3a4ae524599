import CPlatform
import Glibc
import Platform
import Wire

/// The gateway: connections on one side, functions on the other, one event loop between them.
final class Server: EventHandler {
    let options: Options
    let loop: EventLoop
    let log: GatewayLog
    let pools: FunctionPools
    let observer = Observer()
    private(set) var inspector: Inspector?
    private(set) var isDraining = false

    // What all connections share; each is used within one call only.
    let head = RequestHead()
    let scratch = UnsafeMutableRawBufferPointer.allocate(byteCount: 64 * 1024, alignment: 16)
    var requestIDs = RequestIDSource()
    var date = DateHeader()
    private let response = ByteBuffer(capacity: 16 * 1024)

    private(set) var routes: RouteTable
    let crossOrigin: CrossOrigin
    private let environment: ChildEnvironment
    private(set) var connections: [Int32: Connection] = [:]
    let maximumConnections: Int
    let peers: Peers
    /// Of request bodies, from their first bytes to the ends of their requests.
    var heldBodyBytes = 0
    private var hosts: HostNames
    private var hasRefusedHost = false
    private var listener: Listener?
    private var jobs: JobTimer?
    private var recorder: SessionRecorder?
    /// Routes that two functions have.
    private(set) var routeConflicts: [(route: String, ignored: String)] = []
    private(set) var folder: FunctionFolder!
    private let services: FunctionServices
    private var signals: Int32 = -1
    /// When draining ends.
    private var drainDeadline = Int64.max
    /// The second signal, which ends everything at once.
    private var abortSignal: Int32?

    init(_ options: Options, loop: EventLoop, log: GatewayLog) {
        self.options = options
        self.loop = loop
        self.log = log
        environment = options.childEnvironment
        peers = Peers(trusting: options.environment["TRUSTED_PROXIES"] ?? "")
        hosts = HostNames(options.allowedHosts, isLocal: options.isLocal)
        // Some descriptors are for processes, for the executables and for what the system libraries open; where
        // the system grants very few, starting a process may fail for want of one.
        let granted = Descriptor.raiseLimit()
        maximumConnections = min(
            options.maximumConnections, max(granted / 4, granted - 3 * options.functionLimits.processes - 192))
        services = FunctionServices(
            loop: loop, log: log, environment: environment, limits: options.functionLimits, descriptors: granted)
        pools = FunctionPools(services)
        crossOrigin = CrossOrigin(options.environment["CORS_ORIGINS"] ?? "")
        routes = RouteTable(basePath: options.basePath)
        folder = FunctionFolder(
            options.functionsFolder, named: options.functionNames, pools: pools, services: services
        ) { [unowned self] in makeRoutes() }
        pools.makeRoom = { [unowned self] in giveUpConnection() }
        loop.onTick = { [unowned self] in tick() }
        loop.afterBatch = { [unowned self] in
            log.flush()
            recorder?.flush()
        }
    }

    deinit { scratch.deallocate() }

    /// An empty buffer for the response that is being written.
    func responseBuffer() -> ByteBuffer {
        response.removeAll()
        return response
    }

    // MARK: Start

    /// Takes the address; connections wait until `run`.
    /// - Returns: the port, or nil with `errno` set.
    func bind(_ address: SocketAddress) -> UInt16? {
        listener = Listener(
            address, mode: options.socketMode, loop: loop, log: log,
            hasRoom: { [unowned self] in connections.count < maximumConnections },
            makeRoom: { [unowned self] in giveUpConnection(to: $0) },
            freeDescriptor: { [unowned self] in pools.endIdlest() || giveUpConnection() },
            isTooMuch: { [unowned self] in hasShare($0) },
            onAccept: { [unowned self] socket, address in
                connections[socket] = Connection(socket, address: address, server: self)
                observer.acceptedConnection()
            })
        if let listener, options.hasInspector || options.metricsAudience != .off {
            inspector = Inspector(self, port: listener.port)
        }
        return listener?.port
    }

    /// Refuses a request for a host that is not this one. The first is logged, because a proxy's are refused, too, until
    /// somebody says which name it passes on.
    func admitHost(_ head: RequestHead) throws(Refusal) {
        do throws(Refusal) {
            try hosts.admit(head)
        } catch {
            if !hasRefusedHost {
                log.event(.warning, "a request for another host was refused", [("reason", error.message)])
            }
            hasRefusedHost = true
            throw error
        }
    }

    /// Asks the functions what they are and makes the routes; they are kept in step with the folder from then on.
    ///
    /// - Parameter patience: how long to wait, in seconds, once one has answered. Those that take longer are served as
    ///   soon as they have answered, too.
    /// - Returns: their descriptions, or nil when the folder cannot be read, or lacks one that is wanted.
    func learnFunctions(patience: Double = .infinity) -> [FunctionDescription]? {
        watchSignals()
        guard folder.open() else { return nil }
        let end = patience.isFinite ? Clock.now + Clock.seconds(patience) : .max
        loop.run { !folder.isSettled && !isDraining && (folder.functions.isEmpty || loop.now < end) }
        folder.endStart()
        return folder.functions.map(\.description)
    }

    /// Why executables of the folder are not served, or not their present version.
    var faults: [FunctionFault] { folder.faults }

    private func makeRoutes() {
        var table = RouteTable(basePath: options.basePath)
        jobs = nil
        routeConflicts = []
        for (description, pool) in folder.functions {
            if description.name == JobTimer.function, options.jobsInterval > 0 {
                jobs = JobTimer(pool, pools: pools, interval: options.jobsInterval)
            }
            guard let route = description.route else { continue }
            for method in route.methods {
                let endpoint = Endpoint(method: method, path: route.path, pool: pool)
                if table.add(endpoint) { continue }
                routeConflicts.append((endpoint.routeKey, description.name))
                log.event(
                    .error, "two functions have the same route",
                    [("route", endpoint.routeKey), ("ignored", description.name)])
            }
        }
        routes = table
    }

    // MARK: Serving

    /// Serves until a signal ends it.
    /// - Returns: the exit code.
    func run() -> Int32 {
        listener?.start()
        loop.run { !isDraining || (hasWork && loop.now < drainDeadline && abortSignal == nil) }
        for connection in Array(connections.values) { connection.close() }
        stop()
        emptyDatabaseLog()
        return abortSignal.map { 128 + $0 } ?? 0
    }

    /// Lets every process end, and ends those that do not.
    func stop() {
        pools.end()
        if abortSignal != nil { pools.kill() }
        loop.run { !pools.isEmpty && abortSignal == nil }
        pools.kill()
        loop.run { !pools.isEmpty }
        log.flush()
        recorder?.flush()
    }

    /// Seconds that the log may take.
    private static let logPatience = 5.0

    /// Lets the function `backup`, if the folder has it, bring the database's write-ahead log into its file now that
    /// nobody uses it: who copies the data folder of a gateway that has ended finds everything in one file.
    private func emptyDatabaseLog() {
        guard abortSignal == nil, let pool = pools.all.first(where: { $0.name == BackupCommand.function }) else {
            return
        }
        let deadline = Clock.now + Clock.seconds(Self.logPatience)
        let id = requestIDs.next()
        let envelope = BackupCommand.envelope(["action": "checkpoint"], requestID: id)
        _ = FunctionCaller.call(
            pool, envelope, requestID: id, on: self, while: { [self] in abortSignal == nil && Clock.now < deadline })
        stop()
    }

    /// Writes what follows into a new file, for `runner replay`.
    /// - Returns: false with `errno` set.
    func record(into file: String) -> Bool {
        guard let recorder = SessionRecorder(file, keepsSecrets: options.recording.keepsSecrets, log: log) else {
            return false
        }
        self.recorder = recorder
        observer.listen(keepingBytes: .max) { recorder.take($0) }
        return true
    }

    /// Whether a second signal came, which ends everything at once.
    var isAborted: Bool { abortSignal != nil }

    private var hasWork: Bool { connections.values.contains { !$0.isIdle } }

    func forget(_ connection: Connection) {
        connections[connection.socket] = nil
        peers.disconnect(connection.peer)
    }

    /// A request has been answered, or its client has left. What the inspector is asked is nobody's business.
    func note(_ request: Connection.Request) {
        guard !request.isInspection else { return }
        if let exchange = request.exchange { exchange.capture?.settleRequest(isComplete: exchange.submittedAt > 0) }
        observer.ended(Invocation(request))
        guard log.logsAccess else { return }
        log.access(
            GatewayLog.Access(
                requestID: request.id, method: request.method, path: request.path, status: request.status,
                duration: Clock.now - request.receivedAt, function: request.exchange?.endpoint.pool.name,
                wasCold: request.exchange?.wasCold ?? false, bytes: request.bodyBytes))
    }

    private func tick() {
        let now = loop.now
        for connection in Array(connections.values) { connection.tick(now) }
        pools.tick(now)
        if listener != nil, !isDraining { jobs?.tick(now) }
        folder.tick(now)
        inspector?.tick(now)
        listener?.tick()
    }

    // MARK: Signals

    private func watchSignals() {
        signal(SIGPIPE, SIG_IGN)
        Orphans.adopt()
        var set = sigset_t()
        sigemptyset(&set)
        var numbers = [SIGTERM, SIGINT, SIGCHLD]
        // The terminal is gone; but whoever starts a program with nohup wants it to outlive that.
        if platform_is_ignored(SIGHUP) == 0 { numbers.append(SIGHUP) }
        for number in numbers { sigaddset(&set, number) }
        sigprocmask(SIG_BLOCK, &set, nil)
        signals = signalfd(-1, &set, Int32(SFD_CLOEXEC) | Int32(SFD_NONBLOCK))
        loop.add(signals, .readable, handler: self)
    }

    func handle(_ events: Events, on descriptor: Int32) {
        var information = signalfd_siginfo()
        let size = MemoryLayout<signalfd_siginfo>.size
        while withUnsafeMutableBytes(of: &information, { Glibc.read(descriptor, $0.baseAddress, size) }) == size {
            if information.ssi_signo == UInt32(SIGCHLD) {
                pools.reap()
                folder.reap()
                Orphans.end(besides: pools.processIDs.union(folder.processIDs))
            } else if isDraining {
                abortSignal = Int32(information.ssi_signo)
            } else {
                drain()
            }
        }
    }

    /// Takes no more connections, and lets those end that have nothing under way.
    private func drain() {
        isDraining = true
        drainDeadline = Clock.now + Clock.seconds(options.drainTimeout)
        log.event(.info, "stopping: finishing the requests that are under way")
        listener?.close()
        listener = nil
        jobs?.stop()
        inspector?.endStreams()
        for connection in Array(connections.values) where connection.isIdle { connection.close() }
    }
}
