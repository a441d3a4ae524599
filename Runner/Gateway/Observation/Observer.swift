import Wire

/// Is told of every request that has been answered, and passes it on to whoever keeps something of
/// it: the counters, the inspector, the recording of a session.
final class Observer {
    /// Of requests that no function served.
    let unserved = FunctionStatistics()
    private(set) var acceptedConnections = 0
    let startedAt = Timestamp.now()

    /// Set while there are listeners that want envelopes.
    private(set) var listeners: [(Invocation) -> Void] = []
    /// Envelopes and answers beyond this are not kept; nil while nobody wants any.
    private(set) var captureLimit: Int?

    func listen(keepingBytes limit: Int, _ listener: @escaping (Invocation) -> Void) {
        captureLimit = max(captureLimit ?? 0, limit)
        listeners.append(listener)
    }

    func acceptedConnection() { acceptedConnections += 1 }

    /// Begins to keep what passes through an exchange, if anybody wants it.
    func capture(_ exchange: Exchange) {
        guard let captureLimit else { return }
        exchange.capture = Capture(of: exchange, maximumBytes: captureLimit)
    }

    func ended(_ invocation: Invocation) {
        (invocation.pool?.statistics ?? unserved).add(invocation)
        for listener in listeners { listener(invocation) }
    }
}
