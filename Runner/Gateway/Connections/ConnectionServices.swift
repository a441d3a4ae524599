import Wire

/// The state that all connections share.
final class ConnectionServices {
    let configuration: Configuration
    let loop: EventLoop
    let log: GatewayLog
    let pools: FunctionPools
    let router: Router
    let observation: Observation
    let crossOrigin: CrossOrigin
    /// Answers some paths instead of functions.
    var localHandler: (any LocalHandler)?
    var requestIDs = RequestIDSource()
    var date = DateHeader()
    /// Whether the gateway is shutting down, so that connections close after their response.
    var isDraining = false

    // Scratch buffers, each used only within one call.
    let head = RequestHead()
    let scratch = UnsafeMutableRawBufferPointer.allocate(byteCount: 64 * 1024, alignment: 16)
    private let response = ByteBuffer(capacity: 16 * 1024)

    init(
        _ configuration: Configuration, loop: EventLoop, log: GatewayLog, pools: FunctionPools, router: Router,
        observation: Observation
    ) {
        self.configuration = configuration
        self.loop = loop
        self.log = log
        self.pools = pools
        self.router = router
        self.observation = observation
        crossOrigin = CrossOrigin(origins: configuration.allowedOrigins)
    }

    deinit { scratch.deallocate() }

    /// An empty buffer for the next response.
    func responseBuffer() -> ByteBuffer {
        response.removeAll()
        return response
    }

    /// Counts and logs a request that was answered or whose client has disconnected. Requests to the local handler
    /// leave no trace.
    func requestEnded(_ request: Connection.Request) {
        guard !request.isLocal else { return }
        if let exchange = request.exchange { exchange.capture?.settleRequest(isComplete: exchange.submittedAt > 0) }
        observation.requestEnded(
            Invocation(
                requestID: request.id, method: request.method, path: request.path, status: request.status,
                exchange: request.exchange, receivedAt: request.receivedAt, requestBytes: request.receivedBytes,
                responseBytes: request.bodyBytes))
        guard log.logsAccess else { return }
        log.access(
            GatewayLog.Access(
                requestID: request.id, method: request.method, path: request.path, status: request.status,
                duration: Clock.now - request.receivedAt, function: request.exchange?.target.pool.name,
                wasCold: request.exchange?.wasCold ?? false, bytes: request.bodyBytes))
    }
}
