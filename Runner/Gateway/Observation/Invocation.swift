import Wire

/// One request that has been answered, as observers receive it.
package struct Invocation {
    /// The inspector's number for it, from 1.
    package var number = 0
    package let time: Timestamp
    package let requestID: String
    package let method: String
    package let path: String
    package let status: Int
    /// The function; nil if the gateway responded itself, for instance to an unknown path.
    package let pool: FunctionPool?
    /// Whether the process was started for it.
    package let wasCold: Bool
    /// From the head of the request to the end of its response. All times are in microseconds.
    package let duration: Int64
    /// The times for reading the body, for waiting for a process, and for the function itself. Nil for a phase that was
    /// not reached.
    package let receiveDuration: Int64?
    package let queueDuration: Int64?
    package let functionDuration: Int64?
    /// The sizes of the bodies.
    package let requestBytes: Int
    package let responseBytes: Int
    /// The resident memory of the process afterwards, in bytes; 0 if it was not measured.
    package let memory: Int
    package let capture: Capture?
    /// Its position in the order in which requests were submitted to functions.
    package let sequence: Int
    /// The number of the invocation that this one replays.
    package var origin: Int?

    /// - Parameters:
    ///   - exchange: nil if no function received the request.
    ///   - receivedAt: when the request's head was complete; nil for a request without a connection.
    init(
        requestID: String, method: String, path: String, status: Int, exchange: Exchange?, receivedAt: Int64?,
        requestBytes: Int, responseBytes: Int, origin: Int? = nil
    ) {
        let end = Clock.now
        duration = max(0, end - (receivedAt ?? exchange?.submittedAt ?? end))
        time = Timestamp(milliseconds: Timestamp.now().milliseconds - duration / 1000)
        self.requestID = requestID
        self.method = method
        self.path = path
        self.status = status
        pool = exchange?.target.pool
        wasCold = exchange?.wasCold ?? false
        let spans = exchange.map { Spans($0, end: end) }
        receiveDuration = spans?.submitted.map { submitted in receivedAt.map { max(0, submitted - $0) } ?? 0 }
        queueDuration = spans?.queue
        functionDuration = spans?.function
        self.requestBytes = requestBytes
        self.responseBytes = responseBytes
        memory = exchange?.memory ?? 0
        capture = exchange?.capture
        sequence = exchange?.sequence ?? 0
        self.origin = origin
    }

    private struct Spans {
        let submitted: Int64?
        let queue: Int64?
        let function: Int64?

        init(_ exchange: Exchange, end: Int64) {
            submitted = exchange.submittedAt > 0 ? exchange.submittedAt : nil
            guard exchange.submittedAt > 0, exchange.startedAt > 0 else {
                queue = exchange.submittedAt > 0 ? max(0, end - exchange.submittedAt) : nil
                function = nil
                return
            }
            queue = max(0, exchange.startedAt - exchange.submittedAt)
            let answered = exchange.answeredAt > 0 ? exchange.answeredAt : end
            function = max(0, answered - exchange.startedAt)
        }
    }
}
