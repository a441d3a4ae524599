import Wire

/// One request on its way from a connection through the queue to a function and back.
final class Exchange {
    let requestID: String
    let endpoint: Endpoint
    /// The request as one line, complete before the exchange is submitted.
    let envelope: ByteBuffer
    let isSafe: Bool

    /// Who waits for the answer; nil when the client has left.
    var client: Connection?
    /// The process that works on it.
    var process: FunctionProcess?
    /// When it was put into the queue.
    var queuedAt: Int64 = 0
    /// When the process is ended if it has not answered.
    var deadline = Int64.max
    /// The order of submission.
    var sequence = 0
    /// Whether the head of a streamed answer has come.
    var isStreaming = false
    /// Whether a process has died on it already.
    var isRetry = false
    /// Whether its process was started for it.
    var wasCold = false

    init(requestID: String, endpoint: Endpoint, envelope: ByteBuffer, client: Connection?) {
        self.requestID = requestID
        self.endpoint = endpoint
        self.envelope = envelope
        self.client = client
        isSafe = endpoint.isSafe
    }
}
