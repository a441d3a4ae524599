import Wire

/// Calls the function `run-jobs`, if the folder has one, again and again: it sends what other
/// functions have put aside to be done later. One call at a time; while there is nothing to do, a
/// call takes a warm process less than a millisecond.
final class JobTimer {
    /// The function that is called.
    static let function = "run-jobs"

    private let pools: FunctionPools
    private let endpoint: Endpoint
    /// Between the end of a call and the next one, in microseconds.
    private let interval: Int64
    private var requestIDs = RequestIDSource()
    private var nextCall: Int64 = 0
    /// Gone as soon as nobody works on it.
    private weak var call: Exchange?

    init(_ pool: FunctionPool, pools: FunctionPools, interval: Double) {
        self.pools = pools
        self.interval = Clock.seconds(interval)
        endpoint = Endpoint(method: "", path: "", pool: pool)
    }

    func tick(_ now: Int64) {
        guard call == nil, now >= nextCall else { return }
        nextCall = now + interval
        let id = requestIDs.next()
        let envelope = ByteBuffer("{\"requestContext\":{\"requestId\":\"\(id)\"}}\n")
        let exchange = Exchange(requestID: id, endpoint: endpoint, envelope: envelope, client: nil)
        call = exchange
        pools.submit(exchange)
    }
}
