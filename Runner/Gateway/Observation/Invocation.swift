import Wire

/// One request that has been answered, as the inspector's list and the metrics have it.
struct Invocation {
    /// Counts up from 1; what the inspector calls it by.
    var number = 0
    let time: Timestamp
    let requestID: String
    let method: String
    let path: String
    let status: Int
    /// Nil where the gateway answered by itself, such as a path that nothing serves.
    let pool: FunctionPool?
    let wasCold: Bool
    /// All durations in microseconds. From the request's head to the end of its response.
    let duration: Int64
    /// Reading the body; waiting for a process; the function's own time. Nil where it never came to that.
    let receiveDuration: Int64?
    let queueDuration: Int64?
    let functionDuration: Int64?
    /// Of the bodies.
    let requestBytes: Int
    let responseBytes: Int
    /// What the process held of memory after it (resident, in bytes); 0 where it was not looked at.
    let memory: Int
    let capture: Capture?
    /// The order in which requests were handed to the pools.
    let sequence: Int
    /// The invocation that this one repeats.
    var origin: Int?

    init(_ request: Connection.Request) {
        let exchange = request.exchange
        let end = Clock.now
        duration = max(0, end - request.receivedAt)
        time = Timestamp(milliseconds: Timestamp.now().milliseconds - duration / 1000)
        requestID = request.id
        method = request.method
        path = request.path
        status = request.status
        pool = exchange?.endpoint.pool
        wasCold = exchange?.wasCold ?? false
        let spans = exchange.map { Spans($0, end: end) }
        receiveDuration = spans?.submitted.map { max(0, $0 - request.receivedAt) }
        queueDuration = spans?.queue
        functionDuration = spans?.function
        requestBytes = request.receivedBytes
        responseBytes = request.bodyBytes
        memory = exchange?.memory ?? 0
        capture = exchange?.capture
        sequence = exchange?.sequence ?? 0
    }

    /// An exchange that no connection asked for: a replay.
    init(_ exchange: Exchange, method: String, path: String, status: Int, responseBytes: Int, origin: Int?) {
        let end = Clock.now
        duration = max(0, end - exchange.submittedAt)
        time = Timestamp(milliseconds: Timestamp.now().milliseconds - duration / 1000)
        requestID = exchange.requestID
        self.method = method
        self.path = path
        self.status = status
        pool = exchange.endpoint.pool
        wasCold = exchange.wasCold
        let spans = Spans(exchange, end: end)
        receiveDuration = 0
        queueDuration = spans.queue
        functionDuration = spans.function
        requestBytes = 0
        self.responseBytes = responseBytes
        memory = exchange.memory
        capture = exchange.capture
        sequence = exchange.sequence
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
