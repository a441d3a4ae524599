import Wire

/// One request on its way from a connection through the queue to a function and back.
final class Exchange {
    let requestID: String
    let endpoint: Endpoint
    /// The request as one line, complete before the exchange is submitted.
    private(set) var envelope: ByteBuffer
    let isSafe: Bool
    /// Where the body begins within the envelope, as it was when the exchange was made.
    let headLength: Int

    /// Who waits for the answer; nil when the client has left.
    var client: (any ExchangeClient)?
    /// The process that works on it.
    var process: FunctionProcess?
    /// When it was handed to the pools; when a process got it; when its answer was complete. 0 before that.
    var submittedAt: Int64 = 0
    var startedAt: Int64 = 0
    var answeredAt: Int64 = 0
    /// What its process held of memory after it (resident, in bytes), where somebody wants to know.
    var memory = 0
    /// What is kept of it for later.
    var capture: Capture?
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

    init(requestID: String, endpoint: Endpoint, envelope: ByteBuffer, client: (any ExchangeClient)?) {
        self.requestID = requestID
        self.endpoint = endpoint
        self.envelope = envelope
        self.client = client
        headLength = envelope.count
        isSafe = endpoint.isSafe
    }

    /// Lets go of an envelope that is not needed any more, while its capture may still hold it.
    func releaseEnvelope() { envelope = ByteBuffer(capacity: 16) }
}
