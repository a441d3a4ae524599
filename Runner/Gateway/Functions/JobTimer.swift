import Glibc
import Wire

/// Calls the function `run-jobs`, if the folder has one, again and again: it sends what other
/// functions have put aside to be done later. While there is nothing to do, a call takes a warm
/// process less than a millisecond; while one has long work, further ones see to the rest.
final class JobTimer {
    /// The function that is called.
    static let function = "run-jobs"
    /// How many calls may be under way at once.
    private static let concurrency = 4

    private let pools: FunctionPools
    private let endpoint: Endpoint
    /// Between the beginnings of two calls, in microseconds.
    private let interval: Int64
    private var requestIDs = RequestIDSource()
    private var nextCall: Int64 = 0
    private var calls: [Call] = []

    /// Gone as soon as nobody works on it.
    private struct Call { weak var exchange: Exchange? }

    init(_ pool: FunctionPool, pools: FunctionPools, interval: Double) {
        self.pools = pools
        self.interval = Clock.seconds(interval)
        endpoint = Endpoint(method: "", path: "", pool: pool)
    }

    func tick(_ now: Int64) {
        guard now >= nextCall else { return }
        calls.removeAll { $0.exchange == nil }
        guard calls.count < Self.concurrency else { return }
        nextCall = now + interval
        let id = requestIDs.next()
        let envelope = ByteBuffer("{\"requestContext\":{\"requestId\":\"\(id)\"}}\n")
        let exchange = Exchange(requestID: id, endpoint: endpoint, envelope: envelope, client: nil)
        calls.append(Call(exchange: exchange))
        pools.submit(exchange)
    }

    /// Calls no more, and tells those that are under way to stop: they give back what they have not finished.
    func stop() {
        nextCall = .max
        for call in calls {
            if let process = call.exchange?.process { kill(process.pid, SIGTERM) }
        }
    }
}
