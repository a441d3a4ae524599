import Glibc
import Wire

/// Calls the function `run-jobs` at an interval, if the folder contains it, to do the work that other functions have
/// queued. Without work, a call takes a warm process less than a millisecond. While one call is busy with long work,
/// further calls do the rest.
final class JobTimer {
    private static let function = "run-jobs"
    /// How many calls may be in progress at once.
    private static let concurrency = 4

    private let pools: FunctionPools
    private var target: RouteTarget?
    /// The time from the start of one call to the start of the next, in microseconds; 0 for never.
    private let interval: Int64
    private var requestIDs = RequestIDSource()
    private var nextCall: Int64 = 0
    private var calls: [Call] = []

    /// Empty once no process is working on the exchange.
    private struct Call { weak var exchange: Exchange? }

    /// - Parameter interval: in seconds; 0 for never.
    init(_ pools: FunctionPools, interval: Double) {
        self.pools = pools
        self.interval = Clock.seconds(interval)
    }

    /// Looks up `run-jobs` among the functions.
    func serve(_ functions: [ServedFunction]) {
        let pool = functions.first { $0.description.name == Self.function }?.pool
        target = pool.map { RouteTarget(method: "", path: "", pool: $0) }
        if nextCall < .max { nextCall = 0 }
    }

    func tick(_ now: Int64) {
        guard let target, interval > 0, now >= nextCall else { return }
        calls.removeAll { $0.exchange == nil }
        guard calls.count < Self.concurrency else { return }
        nextCall = now + interval
        let id = requestIDs.next()
        let envelope = ByteBuffer("{\"requestContext\":{\"requestId\":\"\(id)\"}}\n")
        let exchange = Exchange(requestID: id, target: target, envelope: envelope, client: nil)
        calls.append(Call(exchange: exchange))
        pools.submit(exchange)
    }

    /// Makes no more calls, and interrupts those in progress, which give back the work that they have not finished.
    func stop() {
        nextCall = .max
        for call in calls {
            if let process = call.exchange?.process { kill(process.pid, SIGTERM) }
        }
    }
}
