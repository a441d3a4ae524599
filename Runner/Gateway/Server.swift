import Glibc
import Platform
import Wire

/// The gateway: connections on one side, functions on the other, and one event loop for both.
package final class Server {
    private let configuration: Configuration
    private let loop: EventLoop
    private let log: GatewayLog
    private let observation = Observation()
    private let pools: FunctionPools
    private let folder: FunctionFolder
    private let folderStatus: FolderStatus
    private let router: Router
    private let jobs: JobTimer
    private let connections: Connections
    private let services: ConnectionServices
    private let signals: SignalWatch
    private var listener: Listener?
    /// When draining ends.
    private var drainDeadline = Int64.max
    /// The second signal, which ends everything immediately.
    private var abortSignal: Int32?

    package init(_ configuration: Configuration, environment: ChildEnvironment, loop: EventLoop, log: GatewayLog) {
        self.configuration = configuration
        self.loop = loop
        self.log = log
        let descriptors = Descriptor.raiseLimit()
        let connections = Connections(configuration, descriptors: descriptors, loop: loop)
        let functionServices = FunctionServices(
            loop: loop, log: log, environment: environment, limits: configuration.functionLimits,
            descriptors: descriptors)
        let pools = FunctionPools(functionServices) { [unowned connections] in connections.giveUp() }
        let status = FolderStatus()
        let router = Router(configuration, folder: status, log: log)
        let jobs = JobTimer(pools, interval: configuration.jobsInterval)
        folder = FunctionFolder(
            configuration.functionsFolder, named: configuration.functionNames, pools: pools, services: functionServices,
            status: status
        ) { functions in
            router.serve(functions)
            jobs.serve(functions)
        }
        services = ConnectionServices(
            configuration, loop: loop, log: log, pools: pools, router: router, observation: observation)
        (self.connections, self.pools, self.router, self.jobs) = (connections, pools, router, jobs)
        folderStatus = status
        signals = SignalWatch(loop)
        loop.onTick = { [unowned self] in tick() }
        loop.afterBatch = { [unowned self] in
            log.flush()
            observation.batchEnded()
        }
    }

    // MARK: Start

    /// Binds the address. Connections wait in the backlog until `run`.
    /// - Returns: the port, or nil with `errno` set.
    package func bind(_ address: SocketAddress) -> UInt16? {
        listener = Listener(address, mode: configuration.socketMode, loop: loop, log: log, delegate: self)
        return listener?.port
    }

    /// Lets a handler answer some paths instead of functions.
    package func install(_ handler: any LocalHandler) { services.localHandler = handler }

    package func add(_ observer: any Observer) { observation.add(observer) }

    /// Asks the functions to describe themselves, and builds the routes. From then on both follow the folder.
    ///
    /// - Parameter patience: how many seconds to keep waiting once one function has described itself. Slower functions
    ///   are served as soon as they have.
    /// - Returns: their descriptions, or nil if the folder cannot be read or lacks a named function.
    package func learnFunctions(patience: Double = .infinity) -> [FunctionDescription]? {
        signals.begin { [unowned self] in receive($0) }
        guard folder.open() else { return nil }
        let end = patience.isFinite ? Clock.now + Clock.seconds(patience) : .max
        loop.run { !folder.isSettled && !isDraining && (folder.functions.isEmpty || loop.now < end) }
        folder.endStart()
        return folder.functions.map(\.description)
    }

    /// The functions that are served.
    package var functions: [FunctionPool] { pools.all }

    package func function(named name: String) -> FunctionPool? { pools.all.first { $0.name == name } }

    /// Why executables of the folder, or their current versions, are not served.
    package var faults: [FunctionFault] { folderStatus.faults }

    /// The routes that two functions claim.
    package var routeConflicts: [RouteConflict] { router.conflicts }

    // MARK: Serving

    /// Serves until a signal ends it.
    /// - Returns: the exit code.
    package func run() -> Int32 {
        listener?.start()
        loop.run { !isDraining || (connections.hasWork && loop.now < drainDeadline && !isAborted) }
        connections.closeAll()
        stop()
        return abortSignal.map { 128 + $0 } ?? 0
    }

    /// Asks every process to end, and kills those that do not.
    package func stop() {
        pools.end()
        if isAborted { pools.kill() }
        loop.run { !pools.isEmpty && !isAborted }
        pools.kill()
        loop.run { !pools.isEmpty }
        log.flush()
        observation.batchEnded()
    }

    /// Calls a function without HTTP and waits for its response.
    ///
    /// - Parameters:
    ///   - envelope: one line.
    ///   - condition: how long to wait; by default, until a signal arrives.
    ///   - onErrorLine: receives each line that the function writes to stderr, as it arrives.
    /// - Returns: nil if the wait ended first.
    package func call(
        _ function: FunctionPool, _ envelope: ByteBuffer, requestID: String, method: String = "",
        while condition: (() -> Bool)? = nil, onErrorLine: ((Bytes) -> Void)? = nil
    ) -> CallOutcome? {
        FunctionCaller.call(
            function, envelope, requestID: requestID, method: method, through: pools, on: loop,
            while: condition ?? { [self] in !isDraining }, onErrorLine: onErrorLine)
    }

    /// The process ids of a function's processes.
    package func processIDs(of function: FunctionPool) -> [pid_t] { pools.processes(of: function).map(\.pid) }

    package func nextRequestID() -> String { services.requestIDs.next() }

    private func tick() {
        let now = loop.now
        connections.tick(now)
        pools.tick(now)
        if listener != nil, !isDraining { jobs.tick(now) }
        folder.tick(now)
        observation.tick(now)
        listener?.tick()
    }

    // MARK: Signals

    /// Whether a signal has asked the gateway to end.
    package var isDraining: Bool { services.isDraining }

    /// Whether a second signal has asked the gateway to end immediately.
    package var isAborted: Bool { abortSignal != nil }

    private func receive(_ signal: Int32) {
        if signal == SIGCHLD {
            pools.reap()
            folder.reap()
            Orphans.end(besides: pools.processIDs.union(folder.processIDs))
        } else if isDraining {
            abortSignal = signal
        } else {
            drain()
        }
    }

    /// Accepts no more connections, and closes those without a request.
    private func drain() {
        services.isDraining = true
        drainDeadline = Clock.now + Clock.seconds(configuration.drainTimeout)
        log.event(.info, "stopping: finishing the requests in progress")
        listener?.close()
        listener = nil
        jobs.stop()
        observation.drainingBegan()
        connections.closeIdle()
    }
}

extension Server: ListenerDelegate {
    var hasRoom: Bool { connections.hasRoom }
    func makeRoom(for peer: String) -> Bool { connections.giveUp(to: peer) }
    func freeDescriptor() -> Bool { pools.endIdlest() || connections.giveUp() }
    func hasShare(_ peer: String) -> Bool { connections.hasShare(peer) }
    func accept(_ socket: Int32, from peer: String) { connections.accept(socket, from: peer, services: services) }
}

extension Server: GatewayState {
    package var basePath: String { configuration.basePath }
    package var startedAt: Timestamp { observation.startedAt }
    package var openConnections: Int { connections.count }
    package var acceptedConnections: Int { observation.acceptedConnections }
    package var unserved: FunctionStatistics { observation.unserved }

    package var functionStates: [FunctionState] {
        pools.all.map { pool in
            FunctionState(
                name: pool.name, statistics: pool.statistics, waiting: pool.waitingCount, idle: pool.idle.count,
                processes: pools.processes(of: pool).map { process in
                    ProcessState(
                        pid: process.pid,
                        activity: process.current != nil ? .busy : process.isServing ? .idle : .ending,
                        served: process.served)
                })
        }
    }

    package func resend(_ envelope: JSON, of invocation: Invocation, completion: @escaping () -> Void) {
        guard let pool = invocation.pool else { return }
        let id = nextRequestID()
        let method = envelope["requestContext"]?["http"]?["method"]?.string ?? invocation.method
        let path = envelope["rawPath"]?.string ?? invocation.path
        let exchange = Exchange(
            requestID: id, target: RouteTarget(method: method, path: invocation.path, pool: pool),
            envelope: Envelope.line(envelope, requestID: id), client: nil)
        observation.capture(exchange)
        exchange.client = ReplayCall { [unowned self, unowned exchange] status, bytes in
            observation.requestEnded(
                Invocation(
                    requestID: id, method: method, path: path, status: status, exchange: exchange, receivedAt: nil,
                    requestBytes: 0, responseBytes: bytes, origin: invocation.number))
            completion()
        }
        pools.submit(exchange)
    }
}
