import Wire

/// The gateway's own counters, and the observers that receive its requests.
final class Observation {
    let startedAt = Timestamp.now()
    /// Counters of requests that no function served.
    let unserved = FunctionStatistics()
    private(set) var acceptedConnections = 0

    private var observers: [any Observer] = []
    /// The largest of the observers' limits; nil without observers.
    private var captureLimit: Int?

    func add(_ observer: any Observer) {
        captureLimit = max(captureLimit ?? 0, observer.captureLimit)
        observers.append(observer)
    }

    func connectionAccepted() { acceptedConnections += 1 }

    /// Begins to capture what passes through an exchange, if an observer wants it.
    func capture(_ exchange: Exchange) {
        guard let captureLimit else { return }
        exchange.beginCapture(maximumBytes: captureLimit)
    }

    func requestEnded(_ invocation: Invocation) {
        let statistics = invocation.pool?.statistics ?? unserved
        statistics.add(
            status: invocation.status, requestBytes: invocation.requestBytes, responseBytes: invocation.responseBytes)
        statistics.add(
            total: invocation.duration, queue: invocation.queueDuration, function: invocation.functionDuration,
            wasCold: invocation.wasCold)
        for observer in observers { observer.requestEnded(invocation) }
    }

    func batchEnded() {
        for observer in observers { observer.batchEnded() }
    }

    func tick(_ now: Int64) {
        for observer in observers { observer.tick(now) }
    }

    func drainingBegan() {
        for observer in observers { observer.drainingBegan() }
    }
}
